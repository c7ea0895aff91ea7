package io.parley.serving;

import io.parley.engine.EngineEvent;
import java.util.concurrent.TimeUnit;

/**
 * How long a generation may take: {@value #SLACK} times what its tokens take when they are all
 * generated one by one, at the pace that the engine had lately, and the wait before.
 *
 * <p>That is a net for what runs away, not a promise of speed: it must never cut a sound answer on
 * a busy machine. The pace is therefore never taken to be better than {@link #LEAST_TOKEN_NANOS},
 * which a full engine needs even where an idle one is much faster; and the wait is not predicted,
 * because it depends on who comes later.
 *
 * <p>One thread observes; any thread may ask.
 */
final class TimeLimits {
  static final int SLACK = 3;

  /** 20 tokens a second: slower than people read. */
  static final double LEAST_TOKEN_NANOS = 50e6;

  /** As long as the official SDKs wait for an answer by default: later nobody is there. */
  static final long WAIT_NANOS = TimeUnit.MINUTES.toNanos(10);

  /** The share of the newest answer in the running mean: the last few dozen answers count. */
  private static final double NEWEST_SHARE = 1 / 16.0;

  private volatile double tokenNanos = LEAST_TOKEN_NANOS;

  /** Takes in how long an answer took, if it tells anything of the time between tokens. */
  void observe(EngineEvent.Ended ended) {
    EngineEvent.Timing timing = ended.timing();
    if (ended.outputTokens() >= 2) {
      long nanos = timing.endedNanos() - timing.firstTokenNanos();
      double newest = (double) nanos / (ended.outputTokens() - 1);
      double mean = tokenNanos;
      tokenNanos = mean + NEWEST_SHARE * (newest - mean);
    }
  }

  /**
   * From submission to the end, in nanoseconds.
   *
   * @param tokens of prompt and answer, at most
   */
  long limitNanos(int tokens) {
    return WAIT_NANOS + (long) (SLACK * tokens * Math.max(tokenNanos, LEAST_TOKEN_NANOS));
  }
}
