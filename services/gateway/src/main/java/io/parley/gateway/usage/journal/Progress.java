package io.parley.gateway.usage.journal;

import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * How far a journal is written and how far it is posted, and what waits for either. Always {@code
 * posted ≤ written}; neither ever falls. Thread-safe.
 */
final class Progress {
  private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(1);

  private final JournalLimits limits;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition due = lock.newCondition();
  private final Condition moved = lock.newCondition();

  // All below is guarded by the lock.
  private long written;
  private long posted;
  private long wanted;
  private boolean closed;

  /**
   * @param last number of the last event, which is posted
   */
  Progress(JournalLimits limits, long last) {
    this.limits = limits;
    this.written = last;
    this.posted = last;
  }

  /** Events are written up to this one. */
  void written(long last) {
    lock.lock();
    try {
      boolean idle = written == posted;
      written = last;
      if (idle || written - posted >= limits.maxPosted()) {
        due.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Events are posted up to this one. */
  void posted(long last) {
    lock.lock();
    try {
      posted = last;
      moved.signalAll();
    } finally {
      lock.unlock();
    }
  }

  long written() {
    lock.lock();
    try {
      return written;
    } finally {
      lock.unlock();
    }
  }

  /** How many events are written and not posted. */
  long unposted() {
    lock.lock();
    try {
      return written - posted;
    } finally {
      lock.unlock();
    }
  }

  /** Waits until there is something to post, and it is time to; false when all is over. */
  boolean awaitDue() throws InterruptedException {
    lock.lock();
    try {
      while (written == posted && !closed) {
        due.await();
      }
      long nanos = limits.gathering().toNanos();
      while (nanos > 0 && !closed && wanted <= posted && written - posted < limits.maxPosted()) {
        nanos = due.awaitNanos(nanos);
      }
      return written > posted;
    } finally {
      lock.unlock();
    }
  }

  /** Waits after a failure; false if there is no time for another attempt. */
  boolean pause() throws InterruptedException {
    lock.lock();
    try {
      long nanos = PAUSE_AFTER_FAILURE.toNanos();
      while (nanos > 0 && !closed) {
        nanos = due.awaitNanos(nanos);
      }
      return !closed;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until everything is posted that is written now.
   *
   * @throws ParleyException OVERLOADED if that takes too long
   */
  void awaitPosted() {
    lock.lock();
    try {
      long target = written;
      wanted = Math.max(wanted, target);
      due.signal();
      long nanos = limits.patience().toNanos();
      while (posted < target) {
        if (nanos <= 0) {
          throw new ParleyException(
              ErrorCode.OVERLOADED, "The newest usage is not in the reports yet; try again");
        }
        nanos = moved.awaitNanos(nanos);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ParleyException(ErrorCode.OVERLOADED, "The server is shutting down", e);
    } finally {
      lock.unlock();
    }
  }

  /** Nothing more will be written; what is written is posted at once, if it can be. */
  void close() {
    lock.lock();
    try {
      closed = true;
      due.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
