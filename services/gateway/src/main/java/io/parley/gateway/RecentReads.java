package io.parley.gateway;

import io.parley.common.TimeSource;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is known of organisations, read anew when it is a second old: a change counts a second later
 * at most, by whatever process it was made. Thread-safe.
 *
 * <p>The memory is of fixed size and direct-mapped: the hash of an organisation names its slot, and
 * a newcomer takes it. Of those who come while one reads, the others wait for what he finds: a
 * thousand requests at once are one look-up. A look-up that fails leaves nothing behind, and
 * nothing older stands in.
 *
 * @param <V> what is known of one organisation
 */
public final class RecentReads<V> {
  /** What was changed may still count for this long. */
  static final Duration LIFE = Duration.ofSeconds(1);

  /** A power of two. */
  static final int SLOTS = 4_096;

  private static final int SLOT_BITS = Integer.numberOfTrailingZeros(SLOTS);

  /** Spreads the hashes of ids that are alike. */
  private static final int SPREAD = 0x9E3779B9;

  /** Organisations that are read at the same time; a power of two. */
  private static final int LOCKS = 64;

  private record Entry<V>(String organisationId, V value, long readNanos) {}

  private final AtomicReferenceArray<@Nullable Entry<V>> slots = new AtomicReferenceArray<>(SLOTS);
  private final Object[] reading = Stream.generate(Object::new).limit(LOCKS).toArray();
  private final TimeSource time;
  private final Function<String, V> read;

  /**
   * @param read finds what is known of an organisation now; may block
   */
  public RecentReads(TimeSource time, Function<String, V> read) {
    this.time = time;
    this.read = read;
  }

  /** What is known of an organisation; blocks while it is read. Throws what reading throws. */
  public V of(String organisationId) {
    int slot = slot(organisationId);
    V remembered = remembered(slot, organisationId);
    if (remembered != null) {
      return remembered;
    }
    synchronized (reading[slot & (LOCKS - 1)]) {
      V found = remembered(slot, organisationId);
      return found != null ? found : read(slot, organisationId);
    }
  }

  /** The same without blocking; empty if that is not possible now. */
  public Optional<V> atHand(String organisationId) {
    return Optional.ofNullable(remembered(slot(organisationId), organisationId));
  }

  private static int slot(String organisationId) {
    return (organisationId.hashCode() * SPREAD) >>> (Integer.SIZE - SLOT_BITS);
  }

  private @Nullable V remembered(int slot, String organisationId) {
    Entry<V> entry = slots.get(slot);
    boolean fresh =
        entry != null
            && entry.organisationId.equals(organisationId)
            && time.nanoTime() - entry.readNanos < LIFE.toNanos();
    return fresh ? entry.value : null;
  }

  private V read(int slot, String organisationId) {
    // The time before the look-up, so that the entry is never older than it claims.
    long begin = time.nanoTime();
    V value = read.apply(organisationId);
    slots.set(slot, new Entry<>(organisationId, value, begin));
    return value;
  }
}
