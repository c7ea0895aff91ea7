package io.parley.ports.ephemeral;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a value, and what the one who updates it learns. Immutable.
 *
 * @param <T> what the caller wants to know
 */
public final class Update<T> {
  private enum Kind {
    KEEP,
    PUT,
    REMOVE
  }

  private final Kind kind;
  private final byte @Nullable [] value;
  private final Duration ttl;
  private final T result;

  private Update(Kind kind, byte @Nullable [] value, Duration ttl, T result) {
    this.kind = kind;
    this.value = value;
    this.ttl = ttl;
    this.result = result;
  }

  /** The value stays as it is, and so does the time that it has left. */
  public static <T> Update<T> keep(T result) {
    return new Update<>(Kind.KEEP, null, Duration.ZERO, result);
  }

  /**
   * There is a new value, or one where there was none.
   *
   * @param value at most {@link EphemeralStore#MAX_VALUE_BYTES}; must not be modified afterwards
   * @param ttl how long it is there from now on, greater than 0
   */
  public static <T> Update<T> put(byte[] value, Duration ttl, T result) {
    if (value.length > EphemeralStore.MAX_VALUE_BYTES) {
      throw new IllegalArgumentException(
          "a value has at most %d bytes, and this one %d"
              .formatted(EphemeralStore.MAX_VALUE_BYTES, value.length));
    }
    if (!ttl.isPositive()) {
      throw new IllegalArgumentException("a time to live must be greater than 0: " + ttl);
    }
    return new Update<>(Kind.PUT, value, ttl, result);
  }

  /** There is no value any more. */
  public static <T> Update<T> remove(T result) {
    return new Update<>(Kind.REMOVE, null, Duration.ZERO, result);
  }

  /** Whether the value stays as it is. */
  public boolean keeps() {
    return kind == Kind.KEEP;
  }

  /** The new value; empty if there is to be none, or if the old one stays. */
  public Optional<byte[]> value() {
    return Optional.ofNullable(value);
  }

  /** How long the new value is there. */
  public Duration ttl() {
    return ttl;
  }

  public T result() {
    return result;
  }
}
