package io.parley.concurrent.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.concurrent.Threads;
import io.parley.concurrent.VirtualClock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SequencedMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class LruCacheTest {
  @Test
  void evictsWhatWasNotUsedForLongest() {
    LruCache<String, Integer> cache = LruCache.ofEntries(2);
    cache.put("a", 1);
    cache.put("b", 2);
    assertThat(cache.get("a")).isEqualTo(1);
    cache.put("c", 3);
    assertThat(cache.get("b")).isNull();
    assertThat(cache.keysOldestFirst()).containsExactly("a", "c");
    assertThat(cache.stats()).isEqualTo(new LruCache.Stats(1, 1, 1));
    assertThat(cache.stats().hitRatio()).isEqualTo(0.5);
  }

  @Test
  void entriesExpireAfterTheyWerePutNotAfterTheyWereUsed() {
    VirtualClock clock = new VirtualClock();
    List<String> removed = new ArrayList<>();
    LruCache<String, Integer> cache =
        new LruCache<>(
            CacheSettings.<String, Integer>maxEntries(9)
                .withTtl(10, clock)
                .withListener((key, value, cause) -> removed.add(key + cause)));
    cache.put("a", 1);
    clock.advance(5);
    cache.put("b", 2);
    assertThat(cache.get("a")).isEqualTo(1);
    clock.advance(5);
    assertThat(cache.get("a")).isNull();
    assertThat(cache.putIfAbsent("b", 3)).isEqualTo(2);
    cache.put("b", 4);
    clock.advance(9);
    assertThat(cache.get("b")).isEqualTo(4);
    clock.advance(1);
    assertThat(cache.keysOldestFirst()).isEmpty();
    assertThat(cache.size()).isZero();
    assertThat(removed).containsExactly("aEXPIRED", "bREPLACED", "bEXPIRED");
  }

  @Test
  void anEntryThatIsTooHeavyEvictsNobody() {
    List<String> removed = new ArrayList<>();
    LruCache<String, String> cache =
        new LruCache<>(
            CacheSettings.<String, String>maxWeight(5, (key, value) -> value.length())
                .withListener((key, value, cause) -> removed.add(value + " " + cause)));
    cache.put("a", "12");
    cache.put("b", "123");
    assertThat(cache.put("a", "123456")).isEqualTo("12");
    assertThat(cache.get("a")).isNull();
    assertThat(cache.keysOldestFirst()).containsExactly("b");
    assertThat(cache.weight()).isEqualTo(3);
    assertThat(removed).containsExactly("12 REPLACED", "123456 EVICTED");
  }

  @Test
  void weightsNearTheLargestNumberDoNotOverflow() {
    LruCache<String, Long> cache =
        new LruCache<>(CacheSettings.maxWeight(Long.MAX_VALUE, (key, value) -> value));
    cache.put("a", Long.MAX_VALUE - 1);
    cache.put("b", 1L);
    cache.put("c", Long.MAX_VALUE);
    assertThat(cache.keysOldestFirst()).containsExactly("c");
    assertThat(cache.weight()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void aListenerMayUseTheCacheAndMayFail() {
    List<LruCache<String, Integer>> self = new ArrayList<>();
    LruCache<String, Integer> cache =
        new LruCache<>(
            CacheSettings.<String, Integer>maxEntries(5)
                .withListener(
                    (key, value, cause) -> {
                      self.getFirst().get("x");
                      throw new IllegalStateException(key);
                    }));
    self.add(cache);
    cache.put("a", 1);
    cache.put("b", 2);
    assertThatThrownBy(cache::clear)
        .hasMessage("a")
        .satisfies(e -> assertThat(e.getSuppressed()).hasSize(1));
    assertThat(cache.size()).isZero();
    assertThat(cache.weight()).isZero();
    assertThat(cache.putIfAbsent("c", 3)).isNull();
    assertThat(cache.keysOldestFirst()).containsExactly("c");
  }

  @Test
  void aNegativeWeightIsRefusedAndChangesNothing() {
    LruCache<String, Long> cache =
        new LruCache<>(CacheSettings.maxWeight(10, (key, value) -> value));
    cache.put("a", 1L);
    assertThatThrownBy(() -> cache.put("a", -1L)).hasMessageContaining("weight");
    assertThat(cache.get("a")).isEqualTo(1);
    assertThatThrownBy(() -> LruCache.ofEntries(0)).hasMessageContaining("maxWeight");
  }

  @Property(tries = 300)
  void behavesLikeAMapInOrderOfUse(
      @ForAll @IntRange(min = 1, max = 30) int maxWeight,
      @ForAll boolean expires,
      @ForAll long seed) {
    Random random = new Random(seed);
    VirtualClock clock = new VirtualClock();
    Map<String, Integer> out = new HashMap<>();
    CacheSettings<Integer, Integer> settings =
        CacheSettings.<Integer, Integer>maxWeight(maxWeight, (key, value) -> value % 7)
            .withListener((key, value, cause) -> out.merge(cause.name(), 1, Integer::sum));
    LruCache<Integer, Integer> cache =
        new LruCache<>(expires ? settings.withTtl(20, clock) : settings);
    LinkedHashMap<Integer, Integer> model = new LinkedHashMap<>(16, 0.75f, true);
    Map<Integer, Long> putAt = new HashMap<>();
    int puts = 0;
    for (int i = 0; i < 200; i++) {
      clock.advance(random.nextInt(4));
      if (expires) {
        model.keySet().removeIf(key -> clock.getAsLong() - putAt.getOrDefault(key, 0L) >= 20);
      }
      int key = random.nextInt(10);
      int value = random.nextInt(100);
      switch (random.nextInt(4)) {
        case 0 -> assertThat(cache.get(key)).isEqualTo(model.get(key));
        case 1 -> assertThat(cache.remove(key)).isEqualTo(model.remove(key));
        case 2 -> {
          assertThat(cache.put(key, value)).isEqualTo(model.remove(key));
          puts++;
          modelPut(model, putAt, key, value, maxWeight, clock);
        }
        default -> {
          Integer present = model.get(key);
          assertThat(cache.putIfAbsent(key, value)).isEqualTo(present);
          if (present == null) {
            puts++;
            modelPut(model, putAt, key, value, maxWeight, clock);
          }
        }
      }
      assertThat(cache.keysOldestFirst()).containsExactlyElementsOf(model.sequencedKeySet());
      assertThat(cache.weight()).isEqualTo(weight(model)).isLessThanOrEqualTo(maxWeight);
    }
    int left = out.values().stream().mapToInt(Integer::intValue).sum();
    assertThat(left + cache.size()).isEqualTo(puts);
  }

  private static void modelPut(
      SequencedMap<Integer, Integer> model,
      Map<Integer, Long> putAt,
      int key,
      int value,
      int maxWeight,
      VirtualClock clock) {
    if (value % 7 > maxWeight) {
      return;
    }
    model.put(key, value);
    putAt.put(key, clock.getAsLong());
    while (weight(model) > maxWeight) {
      model.pollFirstEntry();
    }
  }

  private static long weight(Map<Integer, Integer> model) {
    return model.values().stream().mapToLong(value -> value % 7).sum();
  }

  @Test
  @Timeout(120)
  void soakShort() throws Exception {
    soak(1, 20_000);
  }

  @Test
  @Tag("soak")
  @Timeout(1_200)
  void soak() throws Exception {
    for (long seed = 0; seed < 100; seed++) {
      soak(seed, 500_000);
    }
  }

  /**
   * Threads with random operations; in the end every value that went in is in the cache or was
   * told.
   */
  private static void soak(long seed, int operations) throws Exception {
    ConcurrentHashMap<Long, RemovalCause> told = new ConcurrentHashMap<>();
    LongAdder toldTwice = new LongAdder();
    AtomicLong values = new AtomicLong();
    LruCache<Integer, Long> cache =
        new LruCache<>(
            CacheSettings.<Integer, Long>maxWeight(50, (key, value) -> value % 5)
                .withTtl(2_000_000, System::nanoTime)
                .withListener(
                    (key, value, cause) -> {
                      if (told.put(value, cause) != null) {
                        toldTwice.increment();
                      }
                    }));
    LongAdder notPut = new LongAdder();
    try (Threads threads = new Threads()) {
      for (int t = 0; t < 4; t++) {
        Random random = new Random(seed * 31 + t);
        threads.launch(
            () -> {
              for (int i = 0; i < operations; i++) {
                int key = random.nextInt(100);
                switch (random.nextInt(4)) {
                  case 0 -> cache.put(key, values.incrementAndGet());
                  case 1 -> cache.remove(key);
                  case 2 -> {
                    if (cache.putIfAbsent(key, values.incrementAndGet()) != null) {
                      notPut.increment();
                    }
                  }
                  default -> cache.get(key);
                }
                if (cache.weight() > 50) {
                  throw new AssertionError("too heavy");
                }
              }
            });
      }
      threads.join();
    }
    cache.clear();
    assertThat(toldTwice.sum()).isZero();
    assertThat(told.size() + notPut.sum()).isEqualTo(values.get());
    assertThat(cache.weight()).isZero();
    assertThat(cache.size()).isZero();
  }
}
