package io.parley.bench.concurrent;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.google.common.cache.CacheBuilder;
import io.parley.concurrent.cache.CacheSettings;
import io.parley.concurrent.cache.LruCache;
import io.parley.concurrent.cache.StripedLruCache;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;

/**
 * A cache for 10,000 of 100,000 keys that are asked for by Zipf's law (exponent 0.99): get, and put
 * after a miss. With one thread and with two.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class CacheBenchmark {
  private static final int CAPACITY = 10_000;
  private static final int KEYS = 100_000;
  private static final int DRAWS = 1 << 20;

  /** What is measured. */
  interface Lookup {
    @Nullable Integer get(Integer key);

    void put(Integer key, Integer value);
  }

  @Param({"parleyExact", "parleyStriped16", "synchronizedLinkedHashMap", "guava", "caffeine"})
  String cache = "";

  private Lookup lookup = lookup("parleyExact");
  private final Integer[] keys = Zipf.draws(KEYS, 0.99, DRAWS, 1);

  static Lookup lookup(String name) {
    return switch (name) {
      case "parleyExact" -> {
        LruCache<Integer, Integer> cache = LruCache.ofEntries(CAPACITY);
        yield of(cache::get, cache::put);
      }
      case "parleyStriped16" -> {
        StripedLruCache<Integer, Integer> cache =
            new StripedLruCache<>(16, CacheSettings.maxEntries(CAPACITY));
        yield of(cache::get, cache::put);
      }
      case "synchronizedLinkedHashMap" -> {
        Map<Integer, Integer> map = Collections.synchronizedMap(new AccessOrdered());
        yield of(map::get, map::put);
      }
      case "guava" -> {
        com.google.common.cache.Cache<Integer, Integer> cache =
            CacheBuilder.newBuilder().maximumSize(CAPACITY).build();
        yield of(cache::getIfPresent, cache::put);
      }
      case "caffeine" -> {
        Cache<Integer, Integer> cache = Caffeine.newBuilder().maximumSize(CAPACITY).build();
        yield of(cache::getIfPresent, cache::put);
      }
      default -> throw new IllegalArgumentException(name);
    };
  }

  private interface Get {
    @Nullable Integer get(Integer key);
  }

  private interface Put {
    void put(Integer key, Integer value);
  }

  private static Lookup of(Get get, Put put) {
    return new Lookup() {
      @Override
      public @Nullable Integer get(Integer key) {
        return get.get(key);
      }

      @Override
      public void put(Integer key, Integer value) {
        put.put(key, value);
      }
    };
  }

  /** What most programs begin with. */
  private static final class AccessOrdered extends LinkedHashMap<Integer, Integer> {
    private static final long serialVersionUID = 1;

    AccessOrdered() {
      super(16, 0.75f, true);
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<Integer, Integer> eldest) {
      return size() > CAPACITY;
    }
  }

  @Setup
  public void fill() {
    lookup = lookup(cache);
    for (Integer key : keys) {
      ask(key);
    }
  }

  private int ask(Integer key) {
    Integer value = lookup.get(key);
    if (value != null) {
      return value;
    }
    lookup.put(key, key);
    return key;
  }

  /** Where a thread is in the list of keys. */
  @State(Scope.Thread)
  public static class Place {
    private int next = (int) Thread.currentThread().threadId() * 7_919;

    Integer of(Integer[] keys) {
      return keys[next++ & (DRAWS - 1)];
    }
  }

  @Benchmark
  @Threads(1)
  public int oneThread(Place place) {
    return ask(place.of(keys));
  }

  @Benchmark
  @Threads(2)
  public int twoThreads(Place place) {
    return ask(place.of(keys));
  }

  /** Hits among the second half of all draws, in percent. */
  static double hitPercent(String cache, double exponent) {
    Integer[] draws = Zipf.draws(KEYS, exponent, DRAWS, 2);
    Lookup lookup = lookup(cache);
    int hits = 0;
    for (int i = 0; i < draws.length; i++) {
      if (lookup.get(draws[i]) != null) {
        hits += i >= draws.length / 2 ? 1 : 0;
      } else {
        lookup.put(draws[i], draws[i]);
      }
    }
    return 100.0 * hits / (draws.length - draws.length / 2);
  }
}
