package io.parley.gateway.limits;

import java.util.OptionalLong;

/**
 * So many units a minute, and what is taken of them. What was taken comes back evenly with time, to
 * the full minute's worth at most. Immutable; it has no clock, its user tells it what time went by.
 *
 * <p><b>Whole numbers.</b> A unit is {@value #PARTS} parts, one for each millisecond of a minute;
 * so a millisecond brings back as many parts as there are units a minute, and nothing is ever
 * rounded. Looking often or seldom makes no difference.
 *
 * <p><b>More than there is.</b> A need beyond a minute's worth counts as a whole minute's worth: it
 * waits until all is there. What was taken beyond that is a debt, and nobody gets anything until it
 * has come back.
 *
 * <p><b>Giving back.</b> Units are taken in full when work begins, and what was not used is given
 * back at its end, <em>less what time has brought back for them already</em>. Without that, a unit
 * that was held for a minute would come back twice, and many held together would add up to a burst
 * that nobody is entitled to. The other way, to let no time pass for what is held, would lock up a
 * slow answer's allowance for as long as it takes and leave no moment to name to those who wait.
 *
 * <p>Source: the token bucket (J. Turner, 1986), seen from what is missing.
 *
 * @param perMinute empty for no limit
 * @param takenParts parts that are missing, at least 0
 */
record Allowance(OptionalLong perMinute, long takenParts) {
  /** Parts of a unit: the milliseconds of a minute. */
  static final long PARTS = 60_000;

  /** A limit beyond this many units a minute is none; products with parts stay within a long. */
  static final long MAX_PER_MINUTE = 1_000_000_000_000L;

  /** A debt grows no further than this many units. */
  static final long MAX_TAKEN = 2 * MAX_PER_MINUTE;

  Allowance {
    if (perMinute.isPresent() && perMinute.getAsLong() > MAX_PER_MINUTE) {
      perMinute = OptionalLong.empty();
    }
    takenParts = perMinute.isEmpty() ? 0 : Math.clamp(takenParts, 0, MAX_TAKEN * PARTS);
  }

  /** After this many milliseconds more; none if negative. */
  Allowance after(long ms) {
    if (ms <= 0 || takenParts == 0) {
      return this;
    }
    return new Allowance(perMinute, ms >= fullInMs() ? 0 : takenParts - ms * rate());
  }

  /** Milliseconds until so many units could be taken, 0 if they can be now. */
  long waitMs(long units) {
    if (perMinute.isEmpty()) {
      return 0;
    }
    long missing = takenParts - (rate() - Math.min(units, rate())) * PARTS;
    return missing <= 0 ? 0 : Math.ceilDiv(missing, rate());
  }

  /** How many of these units are taken at the start: all, or a minute's worth. */
  long reserved(long units) {
    return perMinute.isEmpty() ? units : Math.min(units, rate());
  }

  /** With so many units less, whether they are there or not. */
  Allowance take(long units) {
    return new Allowance(perMinute, takenParts + Math.min(units, MAX_TAKEN) * PARTS);
  }

  /**
   * With so many units more, less what came back for them.
   *
   * @param heldMs how long ago they were taken
   */
  Allowance giveBack(long units, long heldMs) {
    if (perMinute.isEmpty()) {
      return this;
    }
    long parts = Math.min(units, MAX_TAKEN) * PARTS;
    boolean cameBack = heldMs >= Math.ceilDiv(parts, rate());
    return cameBack ? this : new Allowance(perMinute, takenParts - parts + heldMs * rate());
  }

  /**
   * What was taken at the start replaced by what it is.
   *
   * @param heldMs how long ago the start was
   */
  Allowance correct(long reserved, long exact, long heldMs) {
    return exact >= reserved ? take(exact - reserved) : giveBack(reserved - exact, heldMs);
  }

  /** Whole units that could be taken now. */
  long remaining() {
    return perMinute.isEmpty()
        ? Long.MAX_VALUE
        : Math.max(0, Math.floorDiv(rate() * PARTS - takenParts, PARTS));
  }

  /** Milliseconds until nothing is missing. */
  long fullInMs() {
    return perMinute.isEmpty() ? 0 : Math.ceilDiv(takenParts, rate());
  }

  private long rate() {
    return perMinute.getAsLong();
  }
}
