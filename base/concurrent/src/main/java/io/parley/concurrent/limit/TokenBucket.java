package io.parley.concurrent.limit;

import java.math.BigInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;

/**
 * A bucket that holds {@code capacity} tokens and gets {@code tokensPerPeriod} new ones each
 * period, evenly and not at its end. Whoever wants to do something takes tokens; if there are too
 * few, it is told how long it would have to wait.
 *
 * <p><b>Invariants</b>
 *
 * <ol>
 *   <li>In any stretch of time {@code t}, at most {@code capacity + rate × t} tokens are given out
 *       by {@link #tryTake}; exactly, without rounding in anybody's favour.
 *   <li>A refused call takes nothing.
 *   <li>The state is one immutable value, exchanged by compare-and-set, so every method is
 *       lock-free and never waits. While the clock shows one time, methods are linearizable.
 *   <li>A call decides for the moment, within it, at which it read the clock. If time passes before
 *       the exchange, another call may see what came in meanwhile and not yet what this one takes;
 *       not a token is given out twice or lost by that, since the exchange fails if anybody took.
 * </ol>
 *
 * <p><b>The hazards.</b> <em>Rounding</em>: a bucket that counts whole tokens and stamps the time
 * of each look loses the fraction between two looks, and under frequent looks never fills; one that
 * counts in floating point drifts. Here a token is {@code periodNanos} units and a nanosecond
 * brings {@code tokensPerPeriod} of them, both whole numbers without a common divisor.
 * <em>Overflow</em>: a bucket that nobody used for a day must not multiply the day; what came in is
 * capped before it is multiplied. <em>A clock that goes back</em> brings nothing and takes nothing.
 *
 * <p>Source: the leaky bucket as a meter, J. Turner, "New directions in communications" (IEEE
 * Communications Magazine, 1986); the generic cell rate algorithm of ITU-T I.371 is the same rule.
 */
public final class TokenBucket {
  /** The answer of {@link #reserve} if the wait would be too long: nothing was taken. */
  public static final long REFUSED = -1;

  /**
   * What is in the bucket.
   *
   * @param units of which a token has {@code unitsPerToken}; negative: owed to reservations
   * @param atNanos when that was so
   */
  private record Content(long units, long atNanos) {}

  private final long capacity;
  private final long unitsPerToken;
  private final long unitsPerNano;
  private final long capacityUnits;
  private final LongSupplier nanoClock;
  private final AtomicReference<Content> content;

  /**
   * A full bucket.
   *
   * @param capacity tokens it can hold: the largest burst; at least 1
   * @param tokensPerPeriod tokens that it gets in a period; at least 1
   * @param periodNanos the period, above 0
   * @param nanoClock nanoseconds that never go back
   */
  public TokenBucket(
      long capacity, long tokensPerPeriod, long periodNanos, LongSupplier nanoClock) {
    requireAtLeastOne("capacity", capacity);
    requireAtLeastOne("tokensPerPeriod", tokensPerPeriod);
    requireAtLeastOne("periodNanos", periodNanos);
    long divisor =
        BigInteger.valueOf(tokensPerPeriod).gcd(BigInteger.valueOf(periodNanos)).longValueExact();
    this.capacity = capacity;
    this.unitsPerToken = periodNanos / divisor;
    this.unitsPerNano = tokensPerPeriod / divisor;
    this.capacityUnits = inUnits(capacity);
    this.nanoClock = nanoClock;
    this.content = new AtomicReference<>(new Content(capacityUnits, nanoClock.getAsLong()));
  }

  private static void requireAtLeastOne(String name, long value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " must be at least 1, was " + value);
    }
  }

  private long inUnits(long tokens) {
    try {
      return Math.multiplyExact(tokens, unitsPerToken);
    } catch (ArithmeticException tooLarge) {
      throw new IllegalArgumentException(
          "capacity is too large for this rate: capacity × period must be below 2^63", tooLarge);
    }
  }

  /**
   * Takes tokens if they are there.
   *
   * @param tokens from 1 to the capacity: more would never be there
   * @return whether they were taken
   */
  public boolean tryTake(long tokens) {
    return reserve(tokens, 0) == 0;
  }

  /**
   * Takes tokens now or in advance.
   *
   * @param tokens from 1 to the capacity
   * @param maxWaitNanos the longest wait that makes sense to the caller
   * @return nanoseconds after which the caller may go on, 0 for at once; or {@link #REFUSED}
   */
  public long reserve(long tokens, long maxWaitNanos) {
    requirePossible(tokens);
    long cost = tokens * unitsPerToken;
    while (true) {
      Content before = content.get();
      Content now = refilled(before, nanoClock.getAsLong());
      long left = saturatedSubtract(now.units, cost);
      long wait = nanosToEarn(-left);
      if (wait > Math.max(0, maxWaitNanos) || left == -Long.MAX_VALUE) {
        return REFUSED;
      }
      if (content.compareAndSet(before, new Content(left, now.atNanos))) {
        return wait;
      }
    }
  }

  /**
   * Brings tokens back that were taken and not used; what the bucket cannot hold is lost.
   *
   * @param tokens from 1 to the capacity
   */
  public void giveBack(long tokens) {
    requirePossible(tokens);
    long units = tokens * unitsPerToken;
    content.updateAndGet(
        before -> {
          Content now = refilled(before, nanoClock.getAsLong());
          long room = saturatedSubtract(capacityUnits, now.units);
          return new Content(now.units + Math.min(room, units), now.atNanos);
        });
  }

  /** Whole tokens that are there now; negative if reservations have taken more than there were. */
  public long available() {
    return Math.floorDiv(unitsNow(), unitsPerToken);
  }

  /** Nanoseconds until that many tokens are there if nobody takes any; 0 if they are. */
  public long nanosUntil(long tokens) {
    requirePossible(tokens);
    return nanosToEarn(saturatedSubtract(tokens * unitsPerToken, unitsNow()));
  }

  private void requirePossible(long tokens) {
    if (tokens < 1 || tokens > capacity) {
      throw new IllegalArgumentException(
          "tokens must be from 1 to the capacity of %d, was %d".formatted(capacity, tokens));
    }
  }

  // The clock first: a content that is older than the time by which it is refilled might have been
  // replaced in between, and the answer would be one that was never true.
  private long unitsNow() {
    long now = nanoClock.getAsLong();
    return refilled(content.get(), now).units;
  }

  private Content refilled(Content before, long now) {
    long elapsed = now - before.atNanos;
    if (elapsed <= 0) {
      return before;
    }
    long missing = saturatedSubtract(capacityUnits, before.units);
    long earned = elapsed >= nanosToEarn(missing) ? missing : elapsed * unitsPerNano;
    return new Content(before.units + earned, now);
  }

  private long nanosToEarn(long units) {
    return units <= 0 ? 0 : Math.ceilDiv(units, unitsPerNano);
  }

  private static long saturatedSubtract(long a, long b) {
    long difference = a - b;
    boolean overflow = ((a ^ b) & (a ^ difference)) < 0;
    return overflow ? (a < 0 ? -Long.MAX_VALUE : Long.MAX_VALUE) : difference;
  }
}
