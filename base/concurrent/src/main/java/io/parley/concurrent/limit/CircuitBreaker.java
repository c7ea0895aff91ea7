package io.parley.concurrent.limit;

import java.util.BitSet;
import java.util.function.LongSupplier;

/**
 * Stops calling somebody who fails, and looks from time to time whether he is back.
 *
 * <p>CLOSED: calls go through, and the outcomes of the last {@code window} are kept. When at least
 * {@code minCalls} of them are known and the share of failures reaches {@code failureShare}, it
 * opens. OPEN: all calls are refused for {@code openNanos}. HALF_OPEN: {@code trials} calls go
 * through, the rest is refused; when all trials are known, it closes if their share of failures is
 * below {@code failureShare}, and opens anew otherwise.
 *
 * <p><b>Invariants</b>
 *
 * <ol>
 *   <li>An outcome counts only in the state in which its call was let through: a ticket carries the
 *       number of that state.
 *   <li>In HALF_OPEN, at most {@code trials} calls are let through, and a verdict needs them all.
 *   <li>{@code failures} is the number of bits set among the {@code known} newest outcomes.
 * </ol>
 *
 * <p><b>The hazards.</b> <em>Late outcomes</em>: a call made before the breaker opened times out a
 * minute later, when the other side is well again, and throws it open a second time; invariant 1.
 * <em>A trial that never reports</em> would keep it half open for ever: if all trials are out and
 * there is no verdict after {@code openNanos}, new ones begin.
 *
 * <p>Thread-safe and linearizable, with a lock held for a few instructions; it never waits and
 * takes the time only while it is not closed.
 *
 * <p>Source: M. Nygard, "Release It!" (2007). States and thresholds are those of Resilience4j's
 * count-based breaker, with which a test compares it call by call; the tickets are not in that one.
 */
public final class CircuitBreaker {
  /** The answer of {@link #tryEnter} when the call must not be made. */
  public static final long REFUSED = -1;

  /** What the breaker does with calls. */
  public enum State {
    CLOSED,
    OPEN,
    HALF_OPEN
  }

  /**
   * When it opens and closes.
   *
   * @param window outcomes that are remembered, at least 1
   * @param minCalls outcomes without which it never opens, from 1 to window
   * @param failureShare the share of failures at which it opens, above 0 and at most 1
   * @param openNanos how long it refuses everything, above 0
   * @param trials calls that decide whether it closes again, at least 1
   */
  public record Settings(
      int window, int minCalls, double failureShare, long openNanos, int trials) {
    /** Opens when half of the last 100 calls failed, at least 20; tries 5 after 10 s. */
    public static final Settings USUAL = new Settings(100, 20, 0.5, 10_000_000_000L, 5);

    public Settings {
      if (window < 1 || minCalls < 1 || minCalls > window) {
        throw new IllegalArgumentException(
            "1 ≤ minCalls ≤ window must hold; were %d and %d".formatted(minCalls, window));
      }
      if (!(failureShare > 0 && failureShare <= 1) || openNanos < 1 || trials < 1) {
        throw new IllegalArgumentException(
            "failureShare must be above 0 and at most 1, openNanos and trials at least 1; were"
                + " %s, %d, %d".formatted(failureShare, openNanos, trials));
      }
    }
  }

  private final Settings settings;
  private final LongSupplier nanoClock;
  private final Object lock = new Object();

  // Guarded by the lock.
  private final BitSet failed = new BitSet(); // a ring of the last outcomes
  private State state = State.CLOSED;
  private long period; // counts the states that there were: the ticket
  private long sinceNanos;
  private int next;
  private int known;
  private int failures;
  private int trialsLeft;

  /** A closed breaker. */
  public CircuitBreaker(Settings settings, LongSupplier nanoClock) {
    this.settings = settings;
    this.nanoClock = nanoClock;
  }

  /**
   * Asks whether a call may be made.
   *
   * @return a ticket, with which exactly one of {@link #succeeded}, {@link #failed} and {@link
   *     #nothingLearnt} is to be called in the end; or {@link #REFUSED}
   */
  public long tryEnter() {
    synchronized (lock) {
      if (refusesAll() && nanoClock.getAsLong() - sinceNanos >= settings.openNanos) {
        enter(State.HALF_OPEN);
      }
      return switch (state) {
        case CLOSED -> period;
        case OPEN -> REFUSED;
        case HALF_OPEN -> takeTrial() ? period : REFUSED;
      };
    }
  }

  /** Says that a call went well. */
  public void succeeded(long ticket) {
    record(ticket, false);
  }

  /** Says that a call failed in a way that speaks against the other side. */
  public void failed(long ticket) {
    record(ticket, true);
  }

  /** Says that a call was not made, or that how it went says nothing; a trial may be made again. */
  public void nothingLearnt(long ticket) {
    synchronized (lock) {
      if (ticket == period && state == State.HALF_OPEN) {
        trialsLeft++;
      }
    }
  }

  /** Nanoseconds until a call may be let through, 0 if one may be now. */
  public long nanosUntilNext() {
    synchronized (lock) {
      return refusesAll()
          ? Math.max(0, settings.openNanos - (nanoClock.getAsLong() - sinceNanos))
          : 0;
    }
  }

  /** The state as of the last call. */
  public State state() {
    synchronized (lock) {
      return state;
    }
  }

  // ---- Under the lock ---------------------------------------------------------------------------

  private boolean refusesAll() {
    return state == State.OPEN || (state == State.HALF_OPEN && trialsLeft == 0);
  }

  private boolean takeTrial() {
    boolean taken = trialsLeft > 0;
    trialsLeft -= taken ? 1 : 0;
    return taken;
  }

  private void record(long ticket, boolean failure) {
    synchronized (lock) {
      if (ticket != period || state == State.OPEN) {
        return;
      }
      remember(failure);
      if (state == State.CLOSED) {
        if (known >= settings.minCalls && tooManyFailed()) {
          enter(State.OPEN);
        }
      } else if (known == settings.trials) {
        enter(tooManyFailed() ? State.OPEN : State.CLOSED);
      }
    }
  }

  private void remember(boolean failure) {
    int size = state == State.CLOSED ? settings.window : settings.trials;
    if (known < size) {
      known++;
    } else if (failed.get(next)) {
      failures--;
    }
    failed.set(next, failure);
    failures += failure ? 1 : 0;
    next = next + 1 < size ? next + 1 : 0;
  }

  private boolean tooManyFailed() {
    return failures >= settings.failureShare * known;
  }

  private void enter(State newState) {
    state = newState;
    period++;
    failed.clear();
    next = 0;
    known = 0;
    failures = 0;
    trialsLeft = settings.trials;
    if (newState != State.CLOSED) {
      sinceNanos = nanoClock.getAsLong();
    }
  }
}
