package io.parley.simulation.fleet;

import io.parley.common.ParleyException;
import io.parley.engine.EngineLimits;
import io.parley.engine.SwapSettings;
import io.parley.simulation.device.Preset;

/**
 * A fleet and what is measured of it.
 *
 * @param preset what one replica is
 * @param replicas how many, 1 to {@value #MAX_REPLICAS}
 * @param policy what is decided how
 * @param faults what goes wrong
 * @param serviceLevel what a good request is
 * @param reportNanos how often replicas report their loads to the router, at least 1 µs
 * @param maxAttempts how many replicas are tried for a request, at least 1
 * @param measureFromNanos measured are requests that arrive from then on, …
 * @param measureToNanos … and before then
 * @param seed of routing and faults
 * @param checked whether the scheduler's invariants are checked after every step
 */
public record FleetSettings(
    Preset preset,
    int replicas,
    Policy policy,
    Faults faults,
    ServiceLevel serviceLevel,
    long reportNanos,
    int maxAttempts,
    long measureFromNanos,
    long measureToNanos,
    long seed,
    boolean checked) {
  public static final int MAX_REPLICAS = 1 << 20;
  public static final long DEFAULT_REPORT_NANOS = 50_000_000;
  public static final int DEFAULT_MAX_ATTEMPTS = 3;

  public FleetSettings {
    require(replicas >= 1 && replicas <= MAX_REPLICAS, "devices", replicas);
    require(reportNanos >= 1000, "report interval", reportNanos);
    require(maxAttempts >= 1, "attempts", maxAttempts);
    require(measureFromNanos >= 0, "start of the measurement", measureFromNanos);
    require(measureToNanos > measureFromNanos, "end of the measurement", measureToNanos);
  }

  private static void require(boolean holds, String field, long value) {
    if (!holds) {
      throw ParleyException.invalid("%s is out of range: %d".formatted(field, value));
    }
  }

  /** Host memory of a replica, in blocks. */
  SwapSettings swap() {
    long bytesPerBlock = preset.model().kvBytesPerToken() * preset.blockTokens();
    return new SwapSettings((int) Math.min(1 << 24, policy.swapBytes() / bytesPerBlock));
  }

  EngineLimits limits() {
    return preset.limits(policy.maxBatchTokens());
  }

  /** The same with another number of replicas. */
  public FleetSettings withReplicas(int count) {
    return new FleetSettings(
        preset,
        count,
        policy,
        faults,
        serviceLevel,
        reportNanos,
        maxAttempts,
        measureFromNanos,
        measureToNanos,
        seed,
        checked);
  }

  /** The same under another policy. */
  public FleetSettings withPolicy(Policy other) {
    return new FleetSettings(
        preset,
        replicas,
        other,
        faults,
        serviceLevel,
        reportNanos,
        maxAttempts,
        measureFromNanos,
        measureToNanos,
        seed,
        checked);
  }
}
