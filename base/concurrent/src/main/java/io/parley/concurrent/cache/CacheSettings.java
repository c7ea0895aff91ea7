package io.parley.concurrent.cache;

import java.util.function.LongSupplier;
import java.util.function.ToLongBiFunction;
import org.jspecify.annotations.Nullable;

/**
 * What a cache may hold, for how long, and who is told. Immutable.
 *
 * @param maxWeight the sum of the weights of all entries is never more; at least 1
 * @param weigher the weight of an entry, at least 0: 1 where entries are counted, bytes where
 *     memory is. Called once for each put, without a lock.
 * @param ttlNanos how long an entry lives after it was put; {@link #NO_TTL}: for ever
 * @param nanoClock nanoseconds that never go back; used only if there is a time to live
 * @param listener is told what leaves; null: nobody
 */
public record CacheSettings<K, V>(
    long maxWeight,
    ToLongBiFunction<? super K, ? super V> weigher,
    long ttlNanos,
    LongSupplier nanoClock,
    @Nullable RemovalListener<? super K, ? super V> listener) {
  /** Entries live until they are evicted. */
  public static final long NO_TTL = Long.MAX_VALUE;

  public CacheSettings {
    if (maxWeight < 1 || ttlNanos < 1) {
      throw new IllegalArgumentException(
          "maxWeight and ttlNanos must be at least 1, were %d and %d"
              .formatted(maxWeight, ttlNanos));
    }
  }

  /** So many entries, whatever their size. */
  public static <K, V> CacheSettings<K, V> maxEntries(long maxEntries) {
    return maxWeight(maxEntries, (key, value) -> 1);
  }

  /** Entries up to a sum of weights. */
  public static <K, V> CacheSettings<K, V> maxWeight(
      long maxWeight, ToLongBiFunction<? super K, ? super V> weigher) {
    return new CacheSettings<>(maxWeight, weigher, NO_TTL, () -> 0, null);
  }

  /** The same, with a time to live after each put. */
  public CacheSettings<K, V> withTtl(long newTtlNanos, LongSupplier newNanoClock) {
    return new CacheSettings<>(maxWeight, weigher, newTtlNanos, newNanoClock, listener);
  }

  /** The same, with somebody who is told what leaves. */
  public CacheSettings<K, V> withListener(RemovalListener<? super K, ? super V> newListener) {
    return new CacheSettings<>(maxWeight, weigher, ttlNanos, nanoClock, newListener);
  }

  CacheSettings<K, V> withMaxWeight(long newMaxWeight) {
    return new CacheSettings<>(newMaxWeight, weigher, ttlNanos, nanoClock, listener);
  }

  long weigh(K key, V value) {
    long weight = weigher.applyAsLong(key, value);
    if (weight < 0) {
      throw new IllegalArgumentException(
          "the weight of an entry must be at least 0, was " + weight);
    }
    return weight;
  }
}
