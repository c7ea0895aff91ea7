package io.parley.simulation.fleet;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * What came out. Latencies, outcomes and goodput are of the requests that arrived while it was
 * measured, each followed to its end; throughput and utilisation of what happened in that time.
 *
 * @param policy name of the policy
 * @param replicas devices
 * @param seconds how long was measured
 * @param arrived requests of the whole trace, before and after the measurement included
 * @param measured requests that arrived while it was measured
 * @param offeredPerSecond requests that arrived a second
 * @param completedPerSecond requests that were completed a second
 * @param goodPerSecond goodput: requests a second that met the service level
 * @param attainment share of the requests that met it, of those whose client stayed
 * @param outputTokensPerSecond tokens drawn
 * @param promptTokensPerSecond tokens of prompts computed
 * @param ttft time to first token
 * @param interToken time between two tokens of a request
 * @param jain Jain's index over the tenants' attainments: 1 if all are served alike, 1/n if one of
 *     n gets all (Jain, Chiu and Hawe, 1984)
 * @param worstTenant the least attainment of a tenant
 * @param busy share of the time in which a device ran a step
 * @param flopsShare operations done, over what the peak allows
 * @param bandwidthShare bytes read, over what the peak allows
 * @param kvShare mean share of the blocks in use
 * @param steps steps, all devices together
 * @param outcomes how requests ended
 * @param endings the same in more detail, by the engine's own names
 * @param retries attempts beyond the first
 * @param stalls steps that took longer than they should
 * @param failures devices that failed
 * @param series what happened when
 */
public record FleetReport(
    String policy,
    int replicas,
    double seconds,
    long arrived,
    long measured,
    double offeredPerSecond,
    double completedPerSecond,
    double goodPerSecond,
    double attainment,
    double outputTokensPerSecond,
    double promptTokensPerSecond,
    Distribution ttft,
    Distribution interToken,
    double jain,
    double worstTenant,
    double busy,
    double flopsShare,
    double bandwidthShare,
    double kvShare,
    long steps,
    Map<Outcome, Long> outcomes,
    Map<String, Long> endings,
    long retries,
    long stalls,
    long failures,
    Series series) {
  /** Values over the time of the measurement, in buckets of equal length; rates are a second. */
  public record Series(
      List<Double> offered,
      List<Double> completed,
      List<Double> running,
      List<Double> waiting,
      List<Double> tenantAttainments) {}

  static FleetReport of(
      FleetSettings settings, Statistics sums, Occupancy occupancy, long arrived) {
    double seconds = (settings.measureToNanos() - settings.measureFromNanos()) / 1e9;
    double deviceSeconds = seconds * settings.replicas();
    long judged = Arrays.stream(sums.tenantRequests).sum();
    long measured = sums.outcomes.values().stream().mapToLong(Long::longValue).sum();
    requireAll(measured, sums);
    double[] attainments = attainments(sums);
    return new FleetReport(
        settings.policy().name(),
        settings.replicas(),
        seconds,
        arrived,
        measured,
        measured / seconds,
        sums.completedInWindow / seconds,
        sums.good / seconds,
        judged == 0 ? 0 : (double) sums.good / judged,
        sums.outputTokens / seconds,
        sums.promptTokens / seconds,
        Distribution.of(sums.ttftMicros),
        Distribution.of(sums.gapMicros),
        jain(attainments),
        Arrays.stream(attainments).min().orElse(0),
        sums.busyNanos / 1e9 / deviceSeconds,
        sums.flops() / deviceSeconds / settings.preset().device().flopsPerSecond(),
        sums.bytesRead / deviceSeconds / settings.preset().device().bytesPerSecond(),
        occupancy.blocksInUse(),
        sums.steps,
        outcomes(sums),
        new TreeMap<>(sums.endings),
        sums.retries,
        sums.stalls,
        sums.failures,
        series(sums, occupancy, attainments, seconds));
  }

  private static void requireAll(long measured, Statistics sums) {
    long came = Arrays.stream(sums.arrivedIn).sum();
    if (came != measured) {
      throw new IllegalStateException(
          "%d requests arrived and %d have an outcome".formatted(came, measured));
    }
  }

  private static Map<Outcome, Long> outcomes(Statistics sums) {
    Map<Outcome, Long> outcomes = new EnumMap<>(Outcome.class);
    for (Outcome outcome : Outcome.values()) {
      outcomes.put(outcome, sums.outcomes.getOrDefault(outcome, 0L));
    }
    return outcomes;
  }

  /** Of each tenant that asked for something. */
  private static double[] attainments(Statistics sums) {
    return IntStream.range(0, sums.tenantRequests.length)
        .filter(tenant -> sums.tenantRequests[tenant] > 0)
        .mapToDouble(tenant -> (double) sums.tenantGood[tenant] / sums.tenantRequests[tenant])
        .toArray();
  }

  /** (Σx)² / (n Σx²); 1 if nobody got anything, for then all got the same. */
  static double jain(double[] values) {
    double sum = 0;
    double squares = 0;
    for (double value : values) {
      sum += value;
      squares += value * value;
    }
    return squares == 0 ? 1 : sum * sum / (values.length * squares);
  }

  private static Series series(
      Statistics sums, Occupancy occupancy, double[] attainments, double seconds) {
    double bucketSeconds = seconds / Statistics.BUCKETS;
    return new Series(
        rates(sums.arrivedIn, bucketSeconds),
        rates(sums.completedIn, bucketSeconds),
        boxed(occupancy.running()),
        boxed(occupancy.waiting()),
        boxed(attainments));
  }

  private static List<Double> rates(long[] counts, double bucketSeconds) {
    return Arrays.stream(counts).mapToObj(count -> count / bucketSeconds).toList();
  }

  private static List<Double> boxed(double[] values) {
    return Arrays.stream(values).boxed().toList();
  }
}
