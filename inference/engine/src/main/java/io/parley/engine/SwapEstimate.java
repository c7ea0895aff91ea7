package io.parley.engine;

/**
 * What it takes to bring a preempted sequence back, by copying its blocks or by computing them
 * again: learned from how long steps take.
 *
 * <p>Both figures are running means. Steps of many tokens weigh more, because that is how a prompt
 * is computed again. What has never been measured is taken for free, so that it is tried; and each
 * time copies seem too dear, they become a little cheaper in memory, so that one slow copy is not
 * held against them for ever.
 */
final class SwapEstimate {
  private static final double NEWEST = 0.2;

  /** After about ten refusals an estimate has halved. */
  private static final double FORGIVENESS = 0.93;

  private final TokenCost cost;
  private final int maxBatchTokens;
  private double nanosPerCost;
  private double nanosPerCopy;

  SwapEstimate(TokenCost cost, int maxBatchTokens) {
    this.cost = cost;
    this.maxBatchTokens = maxBatchTokens;
  }

  /**
   * Learns from a step.
   *
   * @param nanos how long it took, copies included
   * @param copyNanos how long the copies took
   */
  void learn(StepPlan plan, long nanos, long copyNanos) {
    if (!plan.copies().isEmpty()) {
      nanosPerCopy = mean(nanosPerCopy, (double) copyNanos / plan.copies().size(), NEWEST);
    }
    double costs = 0;
    int tokens = 0;
    for (ScheduledSequence part : plan.sequences()) {
      int from = part.startPosition();
      costs += cost.prefill(from, from + part.tokens().length);
      tokens += part.tokens().length;
    }
    if (tokens > 0) {
      double fullness = (double) tokens / maxBatchTokens;
      double computeNanos = Math.max(0, nanos - copyNanos);
      nanosPerCost = mean(nanosPerCost, computeNanos / costs, NEWEST * fullness);
    }
  }

  private static double mean(double before, double now, double weight) {
    return before == 0 ? now : before + weight * (now - before);
  }

  /**
   * Whether to copy {@code blocks} blocks out, and back later, rather than to compute the positions
   * {@code from} (inclusive) to {@code to} again.
   */
  boolean favoursCopies(int blocks, int from, int to) {
    boolean favours = 2 * blocks * nanosPerCopy < cost.prefill(from, to) * nanosPerCost;
    if (!favours) {
      nanosPerCopy *= FORGIVENESS;
    }
    return favours || nanosPerCost == 0;
  }
}
