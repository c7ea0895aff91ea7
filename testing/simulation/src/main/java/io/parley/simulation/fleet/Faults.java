package io.parley.simulation.fleet;

import io.parley.common.ParleyException;

/**
 * What goes wrong, at random times of exponential distance, for each replica by itself.
 *
 * @param secondsBetweenStalls mean time between steps that take longer than they should; {@link
 *     Double#POSITIVE_INFINITY} for never
 * @param stallSeconds how much longer, in the mean
 * @param secondsBetweenFailures mean time between failures, in which a replica loses all it has; or
 *     infinity
 * @param restartSeconds how long it is away then
 * @param failingSteps which share of the steps fails without result, in [0, 1)
 */
public record Faults(
    double secondsBetweenStalls,
    double stallSeconds,
    double secondsBetweenFailures,
    double restartSeconds,
    double failingSteps) {
  /** Nothing goes wrong. */
  public static final Faults NONE =
      new Faults(Double.POSITIVE_INFINITY, 1, Double.POSITIVE_INFINITY, 1, 0);

  public Faults {
    if (!(secondsBetweenStalls > 0 && secondsBetweenFailures > 0)) {
      throw ParleyException.invalid("the time between faults must be greater than 0");
    }
    if (!(stallSeconds > 0 && restartSeconds > 0)) {
      throw ParleyException.invalid("the length of a fault must be greater than 0");
    }
    if (!(failingSteps >= 0 && failingSteps < 1)) {
      throw ParleyException.invalid("failing_steps must be in [0, 1): " + failingSteps);
    }
  }
}
