package io.parley.engine;

import io.parley.common.ParleyException;
import org.jspecify.annotations.Nullable;

/**
 * Whom the queue takes: it is bounded by the time that it takes to work it off (Little's law: what
 * waits is what comes in a second times how long it waits), and by a count, which bounds memory.
 *
 * <p>Whoever would wait longer than its class may is refused at once, with the time after which it
 * would not. That time is its organisation's own ({@link Backlog}): a flood does not close the door
 * to others. Where the count is reached, the newest of the organisation that has most waiting, in
 * the least urgent class, leaves for the newcomer (longest queue drop: McKenney, "Stochastic
 * Fairness Queueing", 1990).
 */
final class Admission {
  private static final long SHORTEST_RETRY_MS = 1_000;
  private static final long NANOS_PER_MS = 1_000_000;

  private final WaitLimits limits;
  private final int maxWaiting;
  private final WaitingQueue waiting;
  private final Pace pace;

  Admission(WaitLimits limits, int maxWaiting, WaitingQueue waiting, Pace pace) {
    this.limits = limits;
    this.maxWaiting = maxWaiting;
    this.waiting = waiting;
    this.pace = pace;
  }

  /**
   * Decides on a newcomer; it is not put into the queue.
   *
   * @return who leaves the queue for it; null if nobody has to
   * @throws ParleyException OVERLOADED if it is refused
   */
  @Nullable Sequence leavesFor(Sequence newcomer) {
    long waitNanos = pace.nanos(waiting.backlog().before(newcomer));
    long limitNanos = limits.of(newcomer.priority());
    if (waitNanos > limitNanos) {
      throw ParleyException.overloaded(
          "this request would wait %d s, and may wait %d s"
              .formatted(waitNanos / 1_000_000_000, limitNanos / 1_000_000_000),
          retryMs(waitNanos - limitNanos));
    }
    return waiting.size() < maxWaiting ? null : loser(newcomer, waitNanos);
  }

  private Sequence loser(Sequence newcomer, long waitNanos) {
    Backlog.Place place = waiting.backlog().heaviest(newcomer);
    Sequence loser = place == null ? null : waiting.newest(place);
    if (loser == null) {
      throw ParleyException.overloaded(
          "%d requests are waiting for this model already".formatted(maxWaiting),
          retryMs(waitNanos));
    }
    return loser;
  }

  /** When a sequence that had to leave the queue should try again. */
  long retryMs(Sequence loser) {
    return retryMs(pace.nanos(waiting.backlog().before(loser)));
  }

  private static long retryMs(long nanos) {
    return Math.max(SHORTEST_RETRY_MS, Math.ceilDiv(nanos, NANOS_PER_MS));
  }
}
