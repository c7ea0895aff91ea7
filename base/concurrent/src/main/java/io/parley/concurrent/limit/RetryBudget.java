package io.parley.concurrent.limit;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How many retries a client may make, as a share of its first attempts.
 *
 * <p><b>Invariant</b>: over the whole life of a budget, {@code retries ≤ reserve + share × first
 * attempts}; and at no time is there credit for more than {@code reserve} retries. So an upstream
 * in trouble sees at most {@code 1 + share} times its normal load in the long run, whatever goes
 * wrong.
 *
 * <p><b>The hazard: a retry storm.</b> Three attempts a call sound harmless. When the upstream
 * slows down, every client makes three times the load at the worst moment, and with three such
 * layers above each other it is twenty-seven times. A limit on attempts bounds each call; only a
 * budget bounds their sum.
 *
 * <p>Credit is counted in thousandths of a retry in one atomic number: every method is lock-free
 * and linearizable, and takes no time into account, so a budget behaves the same at any speed.
 *
 * <p>Source: retry throttling of gRPC (proposal A6, 2017) and the retry budgets of Finagle.
 */
public final class RetryBudget {
  private static final long RETRY = 1_000;

  private final long depositThousandths;
  private final long maxThousandths;
  private final AtomicLong credit;

  /**
   * A budget whose reserve is full.
   *
   * @param share retries for each first attempt, from 0 to 1, in steps of 0.001
   * @param reserve retries that can be saved up, so that a client with few calls may retry too; at
   *     least 0
   */
  public RetryBudget(double share, int reserve) {
    if (!(share >= 0 && share <= 1) || reserve < 0) {
      throw new IllegalArgumentException(
          "share must be from 0 to 1 and reserve at least 0; were %s and %d"
              .formatted(share, reserve));
    }
    this.depositThousandths = (long) (share * RETRY);
    this.maxThousandths = reserve * RETRY;
    this.credit = new AtomicLong(maxThousandths);
  }

  /** Says that a call makes its first attempt. */
  public void firstAttempt() {
    credit.updateAndGet(before -> Math.min(maxThousandths, before + depositThousandths));
  }

  /** Takes the credit for one retry; false if there is none, and then there must be no retry. */
  public boolean tryRetry() {
    long before = credit.getAndUpdate(now -> now < RETRY ? now : now - RETRY);
    return before >= RETRY;
  }

  /** How many retries could be made now. */
  public long available() {
    return credit.get() / RETRY;
  }
}
