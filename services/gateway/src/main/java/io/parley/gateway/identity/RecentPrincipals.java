package io.parley.gateway.identity;

import io.parley.common.TimeSource;
import io.parley.gateway.Principal;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Remembers for a moment who a key belongs to. Thread-safe, lock-free, of fixed size.
 *
 * <p>Direct-mapped: the hash of a secret names the one slot that may hold it, and a newcomer takes
 * the slot. Hashes are uniform and lives are short, so that is as good as an eviction policy, costs
 * the same with a million keys as with one, and cannot be filled up by strangers, because only keys
 * that were found are remembered.
 */
final class RecentPrincipals {
  /** A key that was taken back may be accepted for this long. */
  static final Duration LIFE = Duration.ofSeconds(1);

  /** A power of two. */
  static final int SLOTS = 8_192;

  private record Entry(String hash, Principal principal, long rememberedNanos, long lifeNanos) {}

  private final AtomicReferenceArray<Entry> slots = new AtomicReferenceArray<>(SLOTS);
  private final TimeSource time;

  RecentPrincipals(TimeSource time) {
    this.time = time;
  }

  Optional<Principal> get(String hash) {
    Entry entry = slots.get(slot(hash));
    boolean fresh =
        entry != null
            && Secrets.sameHash(entry.hash, hash)
            && time.nanoTime() - entry.rememberedNanos < entry.lifeNanos;
    return fresh ? Optional.of(entry.principal) : Optional.empty();
  }

  /**
   * @param readNanos when the look-up began, so that the entry is never older than it claims
   * @param good how long the key itself is good from then on
   */
  void put(String hash, Principal principal, long readNanos, Duration good) {
    Duration life = good.compareTo(LIFE) < 0 ? good : LIFE;
    slots.set(slot(hash), new Entry(hash, principal, readNanos, life.toNanos()));
  }

  private static int slot(String hash) {
    return Integer.parseUnsignedInt(hash, 0, 8, 16) & (SLOTS - 1);
  }
}
