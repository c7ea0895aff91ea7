package io.parley.serving.routing;

import io.parley.common.ParleyException;

/**
 * How a router weighs a warm cache against a short queue.
 *
 * @param homePairs pairs of home workers of a prefix that are tried before any worker will do, 0 to
 *     16; 0 turns prefix affinity off
 * @param overloadFactor a home is good as long as its load is at most this many times the mean, at
 *     least 1
 * @param overloadSlack and always as long as its load is at most this, whatever the mean, at least
 *     0: where all are nearly idle, a warm cache is worth more than an even load
 */
public record RoutingSettings(int homePairs, double overloadFactor, double overloadSlack) {
  /** A quarter above the mean is what a home may be before the next pair is asked. */
  public static final RoutingSettings DEFAULT = new RoutingSettings(4, 1.25, 2);

  /** Two random choices, whatever the prefix. */
  public static final RoutingSettings WITHOUT_AFFINITY = new RoutingSettings(0, 1, 0);

  public RoutingSettings {
    if (homePairs < 0 || homePairs > 16) {
      throw ParleyException.invalid("home_pairs must be in 0 … 16: " + homePairs);
    }
    if (!(overloadFactor >= 1 && overloadFactor < Double.POSITIVE_INFINITY)) {
      throw ParleyException.invalid("overload_factor must be at least 1: " + overloadFactor);
    }
    if (!(overloadSlack >= 0 && overloadSlack < Double.POSITIVE_INFINITY)) {
      throw ParleyException.invalid("overload_slack must be at least 0: " + overloadSlack);
    }
  }
}
