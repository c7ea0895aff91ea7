package io.parley.bench.concurrent;

import com.google.common.collect.Ordering;
import io.parley.concurrent.top.LiveTopK;
import io.parley.concurrent.top.Ranked;
import io.parley.concurrent.top.SpaceSaving;
import io.parley.concurrent.top.TopK;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;

/** The best 100 of a million, and counting under traffic. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class TopBenchmark {
  private static final int DRAWS = 1 << 18;

  private final List<Ranked<Integer>> million = ranked(1_000_000);
  private final Integer[] keys = Zipf.draws(100_000, 0.99, DRAWS, 1);

  private final LiveTopK<Integer> live = new LiveTopK<>(100, 1_000, 4);
  private final Map<Integer, LongAdder> unbounded = new ConcurrentHashMap<>();

  private static List<Ranked<Integer>> ranked(int count) {
    Random random = new Random(1);
    return IntStream.range(0, count)
        .mapToObj(i -> new Ranked<>(i, random.nextLong(1_000_000)))
        .toList();
  }

  @Benchmark
  public List<Ranked<Integer>> bestOfAMillionParley() {
    TopK<Integer> top = new TopK<>(100);
    million.forEach(ranked -> top.offer(ranked.key(), ranked.score()));
    return top.ranking();
  }

  @Benchmark
  public List<Ranked<Integer>> bestOfAMillionGuava() {
    return Ordering.from(Ranked.<Integer>bestFirst()).leastOf(million, 100);
  }

  @Benchmark
  public List<Ranked<Integer>> bestOfAMillionSorted() {
    return million.stream().sorted(Ranked.bestFirst()).limit(100).toList();
  }

  /** 262,144 additions for each operation. */
  @Benchmark
  public long spaceSaving() {
    SpaceSaving<Integer> counts = new SpaceSaving<>(1_000);
    for (Integer key : keys) {
      counts.add(key, 1);
    }
    return counts.errorBound();
  }

  /** The same with a map that grows: exact, and without a bound. */
  @Benchmark
  public long hashMap() {
    Map<Integer, Long> counts = new HashMap<>();
    Arrays.stream(keys).forEach(key -> counts.merge(key, 1L, Long::sum));
    return counts.size();
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
  @Threads(2)
  public void countLive(Place place) {
    live.add(place.of(keys), 1);
  }

  @Benchmark
  @Threads(2)
  public void countInAMapOfAdders(Place place) {
    unbounded.computeIfAbsent(place.of(keys), key -> new LongAdder()).increment();
  }
}
