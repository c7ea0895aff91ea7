package io.parley.concurrent.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class StripedLruCacheTest {
  @Test
  void findsWhatWasPutAndNeverHoldsMoreThanItMay() {
    StripedLruCache<Integer, Integer> cache =
        new StripedLruCache<>(8, CacheSettings.maxEntries(100));
    for (int i = 0; i < 1_000; i++) {
      assertThat(cache.put(i, -i)).isNull();
      assertThat(cache.get(i)).isEqualTo(-i);
      assertThat(cache.size()).isLessThanOrEqualTo(100);
    }
    assertThat(cache.size()).isGreaterThan(80);
    assertThat(cache.weight()).isEqualTo(cache.size());
    assertThat(cache.putIfAbsent(999, 1)).isEqualTo(-999);
    assertThat(cache.remove(999)).isEqualTo(-999);
    assertThat(cache.stats().hits()).isEqualTo(1_000);
    cache.clear();
    assertThat(cache.size()).isZero();
  }

  @Test
  void oneStripeIsExact() {
    StripedLruCache<Integer, Integer> cache = new StripedLruCache<>(1, CacheSettings.maxEntries(2));
    cache.put(1, 1);
    cache.put(2, 2);
    cache.get(1);
    cache.put(3, 3);
    assertThat(cache.get(2)).isNull();
    assertThat(cache.get(1)).isEqualTo(1);
  }

  @Test
  void stripesThatCannotBeAreRefused() {
    assertThatThrownBy(() -> new StripedLruCache<>(3, CacheSettings.maxEntries(9)))
        .hasMessageContaining("power of two");
    assertThatThrownBy(() -> new StripedLruCache<>(16, CacheSettings.maxEntries(9)))
        .hasMessageContaining("maxWeight");
  }

  /**
   * The class comment promises: on average the (s + n √(s/K))-th oldest, rarely a multiple of it.
   */
  @Test
  void victimsAreAsOldAsPromised() {
    int stripes = 16;
    TreeMap<Long, Integer> byUse = new TreeMap<>();
    List<Long> lastUse = new ArrayList<>();
    List<Integer> places = new ArrayList<>();
    for (int i = 0; i < 8_192; i++) {
      lastUse.add(-1L);
    }
    CacheSettings<Integer, Integer> settings =
        CacheSettings.<Integer, Integer>maxEntries(4_096)
            .withListener(
                (key, value, cause) -> {
                  if (cause == RemovalCause.EVICTED) {
                    places.add(byUse.headMap(lastUse.get(key), true).size());
                    byUse.remove(lastUse.get(key));
                  }
                });
    StripedLruCache<Integer, Integer> cache = new StripedLruCache<>(stripes, settings);
    Random random = new Random(7);
    for (long now = 0; now < 60_000; now++) {
      int key = random.nextInt(8_192);
      if (cache.get(key) == null) {
        cache.put(key, 0);
      } else {
        byUse.remove(lastUse.get(key));
      }
      byUse.put(now, key);
      lastUse.set(key, now);
    }
    double mean = places.stream().mapToInt(Integer::intValue).average().orElseThrow();
    double promised = stripes + 4_096 * Math.sqrt(stripes / 8_192.0);
    long beyond = places.stream().filter(place -> place > 4 * promised).count();
    assertThat(places).hasSizeGreaterThan(10_000);
    assertThat(mean).isBetween((double) stripes, promised);
    assertThat((double) beyond / places.size()).isLessThan(0.01);
  }

  /** Requests as they are: few keys are asked for often. */
  @Test
  void losesLittleOfTheHitRatio() {
    LruCache<Integer, Integer> exact = LruCache.ofEntries(1_024);
    StripedLruCache<Integer, Integer> striped =
        new StripedLruCache<>(16, CacheSettings.maxEntries(1_024));
    Random random = new Random(3);
    for (int i = 0; i < 200_000; i++) {
      int key = (int) Math.pow(20_000, random.nextDouble()); // density 1/key
      if (exact.get(key) == null) {
        exact.put(key, 0);
      }
      if (striped.get(key) == null) {
        striped.put(key, 0);
      }
    }
    assertThat(striped.stats().hitRatio()).isBetween(exact.stats().hitRatio() - 0.01, 1.0);
  }
}
