package io.parley.embedded;

import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import io.parley.common.TimeSource;
import io.parley.ports.ephemeral.EphemeralStore;
import io.parley.ports.ephemeral.Update;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * An {@link EphemeralStore} for one process: a concurrent map whose entries know until when they
 * hold. Updates of one key wait for each other, those of different keys hardly ever do; no method
 * blocks on anything else, so all may be called on an event loop. It is empty after a restart.
 *
 * <p>What expired is invisible at once, and leaves the map when the number of entries has doubled
 * since it was last looked through: a constant time for each new entry, and no thread of its own.
 */
public final class InProcessEphemeralStore implements EphemeralStore {
  private static final int FEWEST_SWEPT = 1_024;

  /** A full store is not looked through more often than this. */
  private static final long SWEEP_PAUSE_NANOS = 1_000_000_000L;

  /** Longer than any process runs, and short enough that sums of nanoseconds stay in range. */
  private static final Duration FOREVER = Duration.ofDays(36_500);

  private static final class Entry {
    final byte[] value;
    final long expiresNanos;

    Entry(byte[] value, long expiresNanos) {
      this.value = value;
      this.expiresNanos = expiresNanos;
    }
  }

  private final TimeSource time;
  private final int maxEntries;
  private final ConcurrentHashMap<String, Entry> entries = new ConcurrentHashMap<>();
  private final AtomicInteger size = new AtomicInteger();
  private final Object sweeping = new Object();
  private volatile int sweepAt;
  private long sweptNanos; // guarded by sweeping

  /**
   * An empty store.
   *
   * @param maxEntries keys at once, at least 1; an update that would make one more is refused with
   *     OVERLOADED
   */
  public InProcessEphemeralStore(TimeSource time, int maxEntries) {
    if (maxEntries < 1) {
      throw new IllegalArgumentException("maxEntries must be at least 1: " + maxEntries);
    }
    this.time = time;
    this.maxEntries = maxEntries;
    this.sweepAt = Math.min(maxEntries, FEWEST_SWEPT);
    this.sweptNanos = time.nanoTime() - SWEEP_PAUSE_NANOS;
  }

  @Override
  public Optional<byte[]> get(String key) {
    checkKey(key);
    return live(entries.get(key), time.nanoTime());
  }

  @Override
  public <T> T update(String key, Change<T> change) {
    checkKey(key);
    if (size.get() >= sweepAt) {
      sweep();
    }
    long now = time.nanoTime();
    AtomicReference<@Nullable Update<T>> done = new AtomicReference<>();
    entries.compute(
        key,
        (same, old) -> {
          Update<T> update = change.apply(live(old, now));
          done.set(update);
          return update.keeps() ? old : replace(old, update, now);
        });
    @Nullable Update<T> update = done.get();
    if (update == null) {
      throw new IllegalStateException("the map did not ask for a value");
    }
    return update.result();
  }

  /** The entry in the place of the old one, and the count of entries with it. */
  private @Nullable Entry replace(@Nullable Entry old, Update<?> update, long now) {
    if (update.value().isEmpty()) {
      size.addAndGet(old == null ? 0 : -1);
      return null;
    }
    if (old == null && size.incrementAndGet() > maxEntries) {
      size.decrementAndGet();
      throw new ParleyException(
          ErrorCode.OVERLOADED,
          "The store of short-lived values is full: %d".formatted(maxEntries));
    }
    Duration ttl = update.ttl().compareTo(FOREVER) < 0 ? update.ttl() : FOREVER;
    return new Entry(update.value().get(), now + ttl.toNanos());
  }

  private static Optional<byte[]> live(@Nullable Entry entry, long now) {
    return entry == null || expired(entry, now) ? Optional.empty() : Optional.of(entry.value);
  }

  private static boolean expired(Entry entry, long now) {
    return entry.expiresNanos - now <= 0;
  }

  private void sweep() {
    synchronized (sweeping) {
      long now = time.nanoTime();
      boolean full = sweepAt == maxEntries;
      if (size.get() < sweepAt || (full && now - sweptNanos < SWEEP_PAUSE_NANOS)) {
        return;
      }
      sweptNanos = now;
      entries.forEach(
          (key, entry) -> {
            if (expired(entry, now) && entries.remove(key, entry)) {
              size.decrementAndGet();
            }
          });
      sweepAt = (int) Math.min(maxEntries, Math.max(FEWEST_SWEPT, 2L * size.get()));
    }
  }

  /** Entries in the map, those that expired included. */
  int size() {
    return size.get();
  }

  private static void checkKey(String key) {
    if (key.isEmpty() || key.length() > MAX_KEY_CHARS) {
      throw new IllegalArgumentException(
          "a key has 1 to %d characters, and this one %d".formatted(MAX_KEY_CHARS, key.length()));
    }
  }
}
