package io.parley.simulation.fleet;

import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/**
 * What one thread has seen. Only whole numbers are summed up, so that the sum over threads does not
 * depend on who saw what. Not thread-safe.
 */
final class Statistics {
  static final int BUCKETS = 100;
  private static final long MAX_MICROS = 3_600_000_000L;
  private static final long FLOPS_UNIT = 1_000_000;

  private final long fromNanos;
  private final long toNanos;
  private final ServiceLevel serviceLevel;

  final Histogram ttftMicros = new Histogram(MAX_MICROS, 3);
  final Histogram gapMicros = new Histogram(MAX_MICROS, 3);
  final Map<Outcome, Long> outcomes = new EnumMap<>(Outcome.class);
  final Map<String, Long> endings = new TreeMap<>();
  final long[] tenantRequests;
  final long[] tenantGood;
  final long[] arrivedIn = new long[BUCKETS];
  final long[] completedIn = new long[BUCKETS];
  long good;
  long completedInWindow;
  long promptTokens;
  long outputTokens;
  long steps;
  long busyNanos;
  long megaFlops;
  long bytesRead;
  long retries;
  long stalls;
  long failures;

  Statistics(FleetSettings settings, int tenants) {
    this.fromNanos = settings.measureFromNanos();
    this.toNanos = settings.measureToNanos();
    this.serviceLevel = settings.serviceLevel();
    this.tenantRequests = new long[tenants];
    this.tenantGood = new long[tenants];
  }

  private boolean measures(long nanos) {
    return nanos >= fromNanos && nanos < toNanos;
  }

  private int bucket(long nanos) {
    return (int) ((nanos - fromNanos) * BUCKETS / (toNanos - fromNanos));
  }

  void arrived(long nowNanos) {
    if (measures(nowNanos)) {
      arrivedIn[bucket(nowNanos)]++;
    }
  }

  /** A request drew its first token; nobody waits for that of a batch. */
  void firstToken(SimulatedRequest request, long nowNanos) {
    if (measures(request.arrival().atNanos()) && !request.arrival().batch()) {
      ttftMicros.recordValue(Math.min(MAX_MICROS, request.ttftNanos() / 1000));
    }
    if (measures(nowNanos)) {
      outputTokens++;
    }
  }

  /** A request drew a token {@code gapNanos} after the one before. */
  void nextToken(boolean batch, long gapNanos, long nowNanos) {
    if (measures(nowNanos)) {
      outputTokens++;
      if (!batch) {
        gapMicros.recordValue(Math.min(MAX_MICROS, gapNanos / 1000));
      }
    }
  }

  void step(long startNanos, long endNanos, int tokens, int rows, double flops, double bytes) {
    long inside = Math.min(endNanos, toNanos) - Math.max(startNanos, fromNanos);
    busyNanos += Math.max(0, inside);
    if (measures(endNanos)) {
      steps++;
      promptTokens += tokens - rows;
      megaFlops += Math.round(flops / FLOPS_UNIT);
      bytesRead += Math.round(bytes);
    }
  }

  void ended(SimulatedRequest request, Outcome outcome, String ending, long nowNanos) {
    request.end(outcome);
    if (outcome == Outcome.COMPLETED && measures(nowNanos)) {
      completedInWindow++;
      completedIn[bucket(nowNanos)]++;
    }
    if (measures(request.arrival().atNanos())) {
      outcomes.merge(outcome, 1L, Long::sum);
      endings.merge(ending, 1L, Long::sum);
      judge(request, outcome);
    }
  }

  /** Who goes away by himself was neither served well nor badly. */
  private void judge(SimulatedRequest request, Outcome outcome) {
    if (outcome != Outcome.CANCELLED) {
      int tenant = request.arrival().tenant();
      boolean met = outcome == Outcome.COMPLETED && serviceLevel.isMetBy(request);
      tenantRequests[tenant]++;
      tenantGood[tenant] += met ? 1 : 0;
      good += met ? 1 : 0;
    }
  }

  double flops() {
    return (double) megaFlops * FLOPS_UNIT;
  }

  void add(Statistics other) {
    ttftMicros.add(other.ttftMicros);
    gapMicros.add(other.gapMicros);
    other.outcomes.forEach((outcome, count) -> outcomes.merge(outcome, count, Long::sum));
    other.endings.forEach((ending, count) -> endings.merge(ending, count, Long::sum));
    add(tenantRequests, other.tenantRequests);
    add(tenantGood, other.tenantGood);
    add(arrivedIn, other.arrivedIn);
    add(completedIn, other.completedIn);
    good += other.good;
    completedInWindow += other.completedInWindow;
    promptTokens += other.promptTokens;
    outputTokens += other.outputTokens;
    steps += other.steps;
    busyNanos += other.busyNanos;
    megaFlops += other.megaFlops;
    bytesRead += other.bytesRead;
    retries += other.retries;
    stalls += other.stalls;
    failures += other.failures;
  }

  private static void add(long[] to, long[] from) {
    for (int i = 0; i < to.length; i++) {
      to[i] += from[i];
    }
  }
}
