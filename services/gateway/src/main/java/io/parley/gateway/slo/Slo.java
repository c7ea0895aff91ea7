package io.parley.gateway.slo;

import io.parley.common.ParleyException;
import java.time.Duration;

/**
 * One objective: so much of what is counted is to be good, over a window.
 *
 * @param objective the share that is to be good, at least {@value #LEAST_OBJECTIVE} and below 1
 * @param thresholdNanos what takes no longer is good; 0 where nothing is measured
 * @param window over which the error budget lasts, a day to 90 days
 */
public record Slo(Kind kind, double objective, long thresholdNanos, Duration window) {
  /** With less, not even a total outage would burn the budget fast enough for the first alert. */
  public static final double LEAST_OBJECTIVE = 0.94;

  static final Duration LONGEST_WINDOW = Duration.ofDays(90);

  /** What is counted. */
  public enum Kind {
    /** Answers, by the time to their first text. */
    TTFT("ttft"),
    /** Pieces of text after the first, by the time that each of their tokens took. */
    INTER_TOKEN("inter_token"),
    /** Requests that were answered, or failed by the server's fault. */
    AVAILABILITY("availability");

    private final String wireName;

    Kind(String wireName) {
      this.wireName = wireName;
    }

    /** What metrics and reports call it. */
    public String wireName() {
      return wireName;
    }
  }

  public Slo {
    if (!(objective >= LEAST_OBJECTIVE && objective < 1)) {
      throw ParleyException.invalid(
          "slo: the objective of %s must be at least %s and below 1, was %s"
              .formatted(kind.wireName(), LEAST_OBJECTIVE, objective));
    }
    if (thresholdNanos < 0) {
      throw new IllegalArgumentException("thresholdNanos must not be negative");
    }
    if (window.compareTo(Duration.ofDays(1)) < 0 || window.compareTo(LONGEST_WINDOW) > 0) {
      throw new IllegalArgumentException("window must be 1 to 90 days, was " + window);
    }
  }

  /** The share that may be bad. */
  public double budget() {
    return 1 - objective;
  }

  /** How many times faster than allowed the budget is used up: 1 uses it up at the window's end. */
  double burnRate(Counts counts) {
    return counts.badShare() / budget();
  }
}
