package io.parley.concurrent.limit;

import java.util.LinkedHashSet;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How many calls may be under way at once: a fixed number, or one that follows what the other side
 * takes ({@link LimitRule}).
 *
 * <p><b>Invariants</b>, whenever the lock is free:
 *
 * <ol>
 *   <li>{@code inFlight} is the number of permits that were given and have not ended.
 *   <li>A permit is given only while {@code inFlight < limit}. The limit may fall below what is in
 *       flight; then nothing is given until enough has ended.
 *   <li>Those who wait are served in the order in which they came, and no newcomer overtakes them.
 *       If the first of them could go on, it has been signalled.
 *   <li>A permit ends exactly once, with one outcome.
 * </ol>
 *
 * <p><b>The hazards.</b> <em>A permit ended twice</em> lets one call too many through for ever
 * after; <em>one never ended</em> takes its place away for ever. So permits are objects that know
 * whether they have ended, and are closed by a try block. <em>A permit given to a waiter that has
 * just given up</em> would be lost: here nothing is handed over, a woken thread takes its permit
 * itself, and whoever leaves the line wakes the next.
 *
 * <p>All methods are linearizable; only {@link #acquire} waits.
 *
 * <p>Source: a counting semaphore (Dijkstra, 1965) whose count can change; for the rule see {@link
 * VegasRule}.
 */
public final class ConcurrencyLimit {
  private final LimitRule rule;
  private final LongSupplier nanoClock;
  private final ReentrantLock lock = new ReentrantLock();

  // Guarded by the lock.
  private final LinkedHashSet<Condition> waiting = new LinkedHashSet<>();
  private int limit;
  private int inFlight;

  /**
   * A limit that follows a rule.
   *
   * @param initial the limit to begin with, at least 1
   * @param rule asked after each call that ended, under this object's lock; nobody else may use it
   * @param nanoClock nanoseconds that never go back, for how long calls take
   */
  public ConcurrencyLimit(int initial, LimitRule rule, LongSupplier nanoClock) {
    this.limit = requireLimit(initial);
    this.rule = rule;
    this.nanoClock = nanoClock;
  }

  /** A limit that stays as it is. */
  public static ConcurrencyLimit fixed(int limit) {
    return new ConcurrencyLimit(limit, (current, sample) -> current, () -> 0);
  }

  private static int requireLimit(int limit) {
    if (limit < 1) {
      throw new IllegalArgumentException("a concurrency limit must be at least 1, was " + limit);
    }
    return limit;
  }

  /** A permit if one is free and nobody waits for it; otherwise null. */
  public @Nullable Permit tryAcquire() {
    lock.lock();
    try {
      return waiting.isEmpty() && inFlight < limit ? give() : null;
    } finally {
      lock.unlock();
    }
  }

  /**
   * A permit, waited for if need be.
   *
   * @param timeoutNanos how long at most; 0 or less: not at all
   * @return null if none was free in time
   * @throws InterruptedException if the thread is interrupted while it waits; it has no permit then
   */
  public @Nullable Permit acquire(long timeoutNanos) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      boolean atOnce = waiting.isEmpty() && inFlight < limit;
      return atOnce || (timeoutNanos > 0 && standInLine(timeoutNanos)) ? give() : null;
    } finally {
      wakeFirst();
      lock.unlock();
    }
  }

  private boolean standInLine(long timeoutNanos) throws InterruptedException {
    Condition turn = lock.newCondition();
    waiting.addLast(turn);
    try {
      long nanosLeft = timeoutNanos;
      while (!waiting.getFirst().equals(turn) || inFlight >= limit) {
        if (nanosLeft <= 0) {
          return false;
        }
        nanosLeft = turn.awaitNanos(nanosLeft);
      }
      return true;
    } finally {
      waiting.remove(turn);
    }
  }

  private Permit give() {
    inFlight++;
    return new Permit(nanoClock.getAsLong(), inFlight);
  }

  private void wakeFirst() {
    if (inFlight < limit && !waiting.isEmpty()) {
      waiting.getFirst().signal();
    }
  }

  /** The limit as it is now. */
  public int limit() {
    lock.lock();
    try {
      return limit;
    } finally {
      lock.unlock();
    }
  }

  /** How many permits are out. */
  public int inFlight() {
    lock.lock();
    try {
      return inFlight;
    } finally {
      lock.unlock();
    }
  }

  /** How many threads wait for a permit. */
  public int waiting() {
    lock.lock();
    try {
      return waiting.size();
    } finally {
      lock.unlock();
    }
  }

  /** The right to make one call. Thread-safe; the first ending counts, later ones do nothing. */
  public final class Permit implements AutoCloseable {
    private final long startedAtNanos;
    private final int inFlightAtStart;
    private boolean ended; // guarded by the limit's lock

    private Permit(long startedAtNanos, int inFlightAtStart) {
      this.startedAtNanos = startedAtNanos;
      this.inFlightAtStart = inFlightAtStart;
    }

    /** The call went through: how long it took counts. */
    public void succeeded() {
      end(LimitRule.Outcome.SUCCEEDED);
    }

    /** The call was refused or timed out because the other side has too much to do. */
    public void overloaded() {
      end(LimitRule.Outcome.OVERLOADED);
    }

    /** The call says nothing about the other side; also if it never began. */
    @Override
    public void close() {
      end(null);
    }

    private void end(LimitRule.@Nullable Outcome outcome) {
      lock.lock();
      try {
        if (ended) {
          return;
        }
        ended = true;
        inFlight--;
        if (outcome != null) {
          long tookNanos = Math.max(0, nanoClock.getAsLong() - startedAtNanos);
          LimitRule.Sample sample = new LimitRule.Sample(outcome, tookNanos, inFlightAtStart);
          limit = requireLimit(rule.next(limit, sample));
        }
      } finally {
        wakeFirst();
        lock.unlock();
      }
    }
  }
}
