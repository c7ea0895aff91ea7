package io.parley.concurrent.limit;

import java.util.Arrays;
import java.util.function.LongSupplier;

/**
 * At most {@code limit} permits in <em>any</em> window of time, wherever it begins.
 *
 * <p><b>Invariants</b>
 *
 * <ol>
 *   <li>The ring holds the times of the last {@code limit} permits, oldest at {@code next}; times
 *       never decrease.
 *   <li>A permit's time is at least a window after that of the permit {@code limit} places before
 *       it. That alone says that no half-open window {@code [t, t + window)} has more than {@code
 *       limit}.
 *   <li>A refused call changes nothing.
 * </ol>
 *
 * <p><b>The hazard: the window's edge.</b> A counter that starts anew each minute lets {@code 2 ×
 * limit} calls through in a moment, half before the edge and half behind it; a token bucket lets a
 * full bucket and a minute's refill through in one minute. An upstream that counts exactly answers
 * both with 429. The exact answer costs one {@code long} a permit, 8 kB for 1,000, and constant
 * time.
 *
 * <p>{@link #reserve} gives permits of the future, in order of asking: who is told to wait 3 s has
 * its place, and nobody has to ask again. All methods are linearizable, and hold a lock for a few
 * instructions.
 *
 * <p>Source: the sliding window log, as "rate limiting by timestamps" folklore; the ring makes each
 * decision O(1) because only the permit {@code limit} places back matters.
 */
public final class SlidingWindow {
  /** The answer of {@link #reserve} if the wait would be too long: nothing was taken. */
  public static final long REFUSED = -1;

  private final long windowNanos;
  private final LongSupplier nanoClock;
  private final Object lock = new Object();

  // Guarded by the lock. Times count from the origin, so that they are never negative.
  private final long originNanos;
  private final long[] times;
  private int next;
  private long latest;

  /**
   * A window in which nothing has happened yet.
   *
   * @param limit permits in a window, at least 1
   * @param windowNanos its length, above 0
   * @param nanoClock nanoseconds that never go back
   */
  public SlidingWindow(int limit, long windowNanos, LongSupplier nanoClock) {
    if (limit < 1) {
      throw new IllegalArgumentException("limit must be at least 1, was " + limit);
    }
    if (windowNanos < 1) {
      throw new IllegalArgumentException("windowNanos must be at least 1, was " + windowNanos);
    }
    this.windowNanos = windowNanos;
    this.nanoClock = nanoClock;
    this.originNanos = nanoClock.getAsLong();
    this.times = new long[limit];
    Arrays.fill(times, -windowNanos);
  }

  /** Takes a permit if there is one now. */
  public boolean tryTake() {
    return reserve(0) == 0;
  }

  /**
   * Takes the next permit, maybe one of the future.
   *
   * @param maxWaitNanos the longest wait that makes sense to the caller
   * @return nanoseconds after which the caller may go on, 0 for at once; or {@link #REFUSED}
   */
  public long reserve(long maxWaitNanos) {
    synchronized (lock) {
      long now = now();
      long time = nextTime(now);
      long wait = time - now;
      if (wait > Math.max(0, maxWaitNanos)) {
        return REFUSED;
      }
      times[next] = time;
      next = next + 1 < times.length ? next + 1 : 0;
      latest = time;
      return wait;
    }
  }

  /** Nanoseconds until the next permit, 0 if there is one now. */
  public long nanosUntilNext() {
    synchronized (lock) {
      long now = now();
      return nextTime(now) - now;
    }
  }

  /**
   * How many permits could be taken now, one after the other. Takes time in proportion to limit.
   */
  public int available() {
    synchronized (lock) {
      long now = now();
      if (latest > now) {
        return 0; // the next ones are promised already
      }
      return (int) Arrays.stream(times).filter(time -> time + windowNanos <= now).count();
    }
  }

  // Not before the last permit: places are given in order, and times must not decrease.
  private long nextTime(long now) {
    return Math.max(Math.max(now, latest), times[next] + windowNanos);
  }

  private long now() {
    return nanoClock.getAsLong() - originNanos;
  }
}
