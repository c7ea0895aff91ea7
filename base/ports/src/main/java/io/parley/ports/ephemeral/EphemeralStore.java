package io.parley.ports.ephemeral;

import java.util.Optional;

/**
 * Small values by key, each with a time to live, shared by all replicas. Thread-safe.
 *
 * <p><b>Absence.</b> A value that was never put, was removed or is past its time is not there;
 * nobody can tell which. A store may also lose values, all at once, when what is behind it
 * restarts: whoever uses it must be right, if maybe too generous, with a store that is empty.
 *
 * <p><b>Atomicity.</b> An {@link #update} sees the newest value, and no other update of the key
 * comes between what it saw and what it put. There is no atomicity across keys, so what has to be
 * changed together is one value.
 *
 * <p><b>Time-outs.</b> A method that throws {@code TIMEOUT} may have changed the value or not; the
 * state should carry ids by which a repetition is recognised. After any other exception nothing was
 * changed.
 *
 * <p>It is made so that optimistic stores can serve it: read, compute, compare and set, again if
 * another was faster. In such a store methods block; see the adapter.
 */
public interface EphemeralStore {
  /** Characters of a key, at most. */
  int MAX_KEY_CHARS = 512;

  /** Bytes of a value, at most. */
  int MAX_VALUE_BYTES = 1 << 20;

  /** The value as the last update that returned before this was called left it, or a newer one. */
  Optional<byte[]> get(String key);

  /**
   * Changes a value atomically.
   *
   * @param key 1 to {@link #MAX_KEY_CHARS} characters
   * @return what the change that took effect says its result is
   * @throws io.parley.common.ParleyException OVERLOADED if there is no room for another key, or too
   *     many updates of this one race; TIMEOUT if the outcome is unknown
   */
  <T> T update(String key, Change<T> change);

  /**
   * What an update does. It must be a pure function of the value: it may run more than once, and
   * all but the last run count for nothing. It must not call the store. What it throws, the update
   * throws, and nothing is changed.
   *
   * @param <T> what the caller wants to know
   */
  @FunctionalInterface
  interface Change<T> {
    /**
     * Looks at the value and decides.
     *
     * @param value empty if there is none; must not be modified
     */
    Update<T> apply(Optional<byte[]> value);
  }
}
