package io.parley.gateway.observation;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;

/**
 * The last minutes as a series: what happened in each {@link #SLOT}, of all models together. Fixed
 * memory. Thread-safe; {@link #tick} is to be called once a slot.
 */
@SuppressWarnings("EnumOrdinal") // a counter for each fault: nothing outlives the process
public final class LiveSeries {
  /** The time between two points. */
  public static final Duration SLOT = Duration.ofSeconds(5);

  /** Ten minutes. */
  static final int POINTS = 120;

  /**
   * Percentiles in milliseconds; all 0 if nothing was counted.
   *
   * @param count of what
   */
  public record Percentiles(long count, double p50, double p95, double p99) {
    private static Percentiles of(long[] counts) {
      long total = 0;
      for (long count : counts) {
        total += count;
      }
      return new Percentiles(
          total,
          LatencyHistogram.percentileMs(counts, 0.50),
          LatencyHistogram.percentileMs(counts, 0.95),
          LatencyHistogram.percentileMs(counts, 0.99));
    }
  }

  /**
   * What happened in one slot.
   *
   * @param at the slot's end
   * @param seconds how long the slot was
   * @param well requests that went as they should
   */
  public record Point(
      Instant at,
      double seconds,
      long well,
      long clientFaults,
      long limited,
      long serverFaults,
      long inputTokens,
      long outputTokens,
      Percentiles ttft,
      Percentiles interToken) {}

  /** Everything since the start. */
  private static final class Sums {
    final long nanos;
    final long input;
    final long output;
    final long[] byFault = new long[Outcome.Fault.values().length];
    final long[] ttft = new long[LatencyHistogram.BUCKETS];
    final long[] interToken = new long[LatencyHistogram.BUCKETS];

    Sums(long nanos, Collection<ModelLevels> models) {
      this.nanos = nanos;
      this.input = total(models, model -> model.inputTokens);
      this.output = total(models, model -> model.outputTokens);
      for (ModelLevels model : models) {
        for (int i = 0; i < byFault.length; i++) {
          byFault[i] += model.byFault[i].sum();
        }
        add(ttft, model.ttft.counts());
        add(interToken, model.interToken.counts());
      }
    }

    private static long total(
        Collection<ModelLevels> models, Function<ModelLevels, LongAdder> counter) {
      return models.stream().mapToLong(model -> counter.apply(model).sum()).sum();
    }

    private static void add(long[] to, long[] more) {
      for (int i = 0; i < to.length; i++) {
        to[i] += more[i];
      }
    }

    long by(Outcome.Fault fault) {
      return byFault[fault.ordinal()];
    }
  }

  private final Deque<Point> points = new ArrayDeque<>(); // guarded by this
  private Sums last; // guarded by this

  LiveSeries(long nowNanos) {
    this.last = new Sums(nowNanos, List.of());
  }

  synchronized void tick(Instant now, long nowNanos, Collection<ModelLevels> models) {
    Sums sums = new Sums(nowNanos, models);
    if (points.size() == POINTS) {
      points.removeFirst();
    }
    points.addLast(between(last, sums, now));
    last = sums;
  }

  private static Point between(Sums then, Sums now, Instant at) {
    return new Point(
        at,
        (now.nanos - then.nanos) / 1e9,
        now.by(Outcome.Fault.NONE) - then.by(Outcome.Fault.NONE),
        now.by(Outcome.Fault.CLIENT) - then.by(Outcome.Fault.CLIENT),
        now.by(Outcome.Fault.LIMIT) - then.by(Outcome.Fault.LIMIT),
        now.by(Outcome.Fault.SERVER) - then.by(Outcome.Fault.SERVER),
        now.input - then.input,
        now.output - then.output,
        Percentiles.of(difference(now.ttft, then.ttft)),
        Percentiles.of(difference(now.interToken, then.interToken)));
  }

  private static long[] difference(long[] now, long[] then) {
    long[] difference = new long[now.length];
    for (int i = 0; i < now.length; i++) {
      difference[i] = now[i] - then[i];
    }
    return difference;
  }

  /** The points, the oldest first. */
  public synchronized List<Point> points() {
    return new ArrayList<>(points);
  }
}
