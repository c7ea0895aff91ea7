package io.parley.bench.concurrent;

import java.util.HashMap;
import java.util.Hashtable;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * {@code ConcurrentHashMap} beside {@code Hashtable} and a {@code HashMap} behind a read-write
 * lock, with 100,000 keys. The page docs/concurrent-maps.md is made of its figures.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class MapBenchmark {
  private static final int KEYS = 100_000;

  /** What is measured. */
  interface Table {
    @Nullable Integer get(Integer key);

    void put(Integer key, Integer value);

    void increment(Integer key);

    long sum();
  }

  @Param({"ConcurrentHashMap", "Hashtable", "ReadWriteLock"})
  String map = "";

  private final Integer[] keys = new Integer[KEYS];
  private Table table = new Plain(new ConcurrentHashMap<>());

  @Setup
  public void fill() {
    table =
        switch (map) {
          case "ConcurrentHashMap" -> new Plain(new ConcurrentHashMap<>());
          case "Hashtable" -> new SynchronizedTable(table());
          case "ReadWriteLock" -> new Locked();
          default -> throw new IllegalArgumentException(map);
        };
    for (int i = 0; i < KEYS; i++) {
      keys[i] = i * 7_919; // spread over the table
      table.put(keys[i], 1);
    }
  }

  @SuppressWarnings("JdkObsolete") // it is what is measured
  private static Hashtable<Integer, Integer> table() {
    return new Hashtable<>();
  }

  /** A map that takes care of itself. */
  private record Plain(ConcurrentHashMap<Integer, Integer> map) implements Table {
    @Override
    public @Nullable Integer get(Integer key) {
      return map.get(key);
    }

    @Override
    public void put(Integer key, Integer value) {
      map.put(key, value);
    }

    @Override
    public void increment(Integer key) {
      map.merge(key, 1, Integer::sum);
    }

    @Override
    public long sum() {
      long sum = 0;
      for (int value : map.values()) {
        sum += value;
      }
      return sum;
    }
  }

  /** Each of its methods holds the one lock; who iterates has to hold it all the while. */
  @SuppressWarnings("JdkObsolete") // it is what is measured
  private record SynchronizedTable(Hashtable<Integer, Integer> map) implements Table {
    @Override
    public @Nullable Integer get(Integer key) {
      return map.get(key);
    }

    @Override
    public void put(Integer key, Integer value) {
      map.put(key, value);
    }

    @Override
    public void increment(Integer key) {
      map.merge(key, 1, Integer::sum);
    }

    @Override
    public long sum() {
      long sum = 0;
      synchronized (map) {
        for (int value : map.values()) {
          sum += value;
        }
      }
      return sum;
    }
  }

  /** Readers share the lock, writers have it alone. */
  private static final class Locked implements Table {
    private final Map<Integer, Integer> map = new HashMap<>();
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();

    @Override
    public @Nullable Integer get(Integer key) {
      lock.readLock().lock();
      try {
        return map.get(key);
      } finally {
        lock.readLock().unlock();
      }
    }

    @Override
    public void put(Integer key, Integer value) {
      lock.writeLock().lock();
      try {
        map.put(key, value);
      } finally {
        lock.writeLock().unlock();
      }
    }

    @Override
    public void increment(Integer key) {
      lock.writeLock().lock();
      try {
        map.merge(key, 1, Integer::sum);
      } finally {
        lock.writeLock().unlock();
      }
    }

    @Override
    public long sum() {
      lock.readLock().lock();
      try {
        long sum = 0;
        for (int value : map.values()) {
          sum += value;
        }
        return sum;
      } finally {
        lock.readLock().unlock();
      }
    }
  }

  /**
   * A thread's own random numbers (xorshift, Marsaglia 2003): a shared generator would be measured.
   */
  @State(Scope.Thread)
  public static class Dice {
    private int state = (int) Thread.currentThread().threadId() * 0x9E3779B9 | 1;

    int next() {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      return state;
    }

    Integer key(Integer[] keys) {
      return keys[(next() >>> 1) % KEYS];
    }
  }

  private @Nullable Integer mix(Dice dice, int writesInPercent) {
    Integer key = dice.key(keys);
    if ((dice.next() >>> 1) % 100 < writesInPercent) {
      table.put(key, key);
      return key;
    }
    return table.get(key);
  }

  @Benchmark
  public @Nullable Integer reads(Dice dice) {
    return table.get(dice.key(keys));
  }

  @Benchmark
  public @Nullable Integer reads90(Dice dice) {
    return mix(dice, 10);
  }

  @Benchmark
  public @Nullable Integer reads50(Dice dice) {
    return mix(dice, 50);
  }

  @Benchmark
  public void writes(Dice dice) {
    table.put(dice.key(keys), 1);
  }

  /** Everybody adds to one key. */
  @Benchmark
  public void oneKey() {
    table.increment(keys[0]);
  }

  /** Read, add, write back, as one operation, on any key. */
  @Benchmark
  public void compound(Dice dice) {
    table.increment(dice.key(keys));
  }

  /** All 100,000 values, once for each operation. */
  @Benchmark
  public long iteration() {
    return table.sum();
  }
}
