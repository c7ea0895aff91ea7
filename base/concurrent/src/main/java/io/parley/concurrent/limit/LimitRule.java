package io.parley.concurrent.limit;

/**
 * How a {@link ConcurrencyLimit} changes with what its calls tell. Called by one thread at a time;
 * an object of its own for each limit.
 */
@FunctionalInterface
public interface LimitRule {
  /** How a call went. */
  enum Outcome {
    /** It was answered. */
    SUCCEEDED,
    /** It was refused or timed out because the other side has too much to do. */
    OVERLOADED
  }

  /**
   * What one call tells.
   *
   * @param tookNanos from its permit to its end, at least 0
   * @param inFlight how many calls were under way when it began, itself included
   */
  record Sample(Outcome outcome, long tookNanos, int inFlight) {}

  /**
   * The limit from now on, at least 1.
   *
   * @param current the limit until now
   * @param sample the call that has just ended
   */
  int next(int current, Sample sample);
}
