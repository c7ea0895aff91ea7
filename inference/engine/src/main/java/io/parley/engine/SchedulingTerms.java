package io.parley.engine;

import io.parley.common.ParleyException;

/**
 * On whose account, how urgently and for how long a sequence may use the engine.
 *
 * @param organisation who pays for it: sequences of one organisation share its weight and its cap,
 *     and never their cache with another's
 * @param weight share of the compute between organisations that both have work, greater than 0; 2
 *     gets twice what 1 gets
 * @param maxRunning sequences of the organisation that run at the same time, at least 1; the others
 *     wait
 * @param priority class of urgency
 * @param timeLimitNanos from submission to the last token, in nanoseconds, at least 1; what has
 *     been written by then stays
 */
public record SchedulingTerms(
    String organisation,
    double weight,
    int maxRunning,
    PriorityClass priority,
    long timeLimitNanos) {
  public static final long NO_TIME_LIMIT = Long.MAX_VALUE;

  /** One organisation for all, without a cap or a limit. */
  public static final SchedulingTerms DEFAULT = of("");

  public SchedulingTerms {
    if (!(weight > 0 && weight < Double.POSITIVE_INFINITY)) {
      throw ParleyException.invalid("weight must be greater than 0: " + weight);
    }
    if (maxRunning < 1) {
      throw ParleyException.invalid("max_running must be at least 1: " + maxRunning);
    }
    if (timeLimitNanos < 1) {
      throw ParleyException.invalid("time_limit must be at least 1 ns: " + timeLimitNanos);
    }
  }

  /** An interactive request of an organisation of weight 1. */
  public static SchedulingTerms of(String organisation) {
    return new SchedulingTerms(
        organisation, 1, Integer.MAX_VALUE, PriorityClass.INTERACTIVE, NO_TIME_LIMIT);
  }
}
