package io.parley.concurrent.limit;

import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * An amount of something, such as model tokens, of which requests reserve what they may need and
 * are charged what they took. What was charged comes back with time: {@code refillPerPeriod} units
 * each period, evenly.
 *
 * <p><b>Invariants</b>
 *
 * <ol>
 *   <li>{@code available = capacity − charged − reserved}; a reservation is made only if {@code
 *       available} covers it, so all that is promised is there.
 *   <li>Every reservation ends exactly once: settled, released or expired. Which of several that
 *       race is first decides, and the others do nothing.
 *   <li>{@code reserved} is the sum of the reservations that have not ended.
 * </ol>
 *
 * <p><b>The hazards.</b> <em>Double ending</em>: a time-out and an answer race, both give back, and
 * the quota has grown. <em>No ending</em>: the holder crashed, and its units are gone for ever. So
 * a reservation has a state, changed once under the lock, and a lease: not ended in time, it is
 * charged in full, since what happened to it is not known. <em>An estimate that was too low</em>:
 * settling more than was reserved is allowed, because the work is done; {@code available} may
 * become negative, and nobody gets a reservation until it is made up for.
 *
 * <p>All methods are linearizable and take constant time, expired leases aside: each is looked at
 * once. Reservations of one quota have one lease, so they expire in the order in which they were
 * made.
 *
 * <p>Source: authorisation and capture, as payment cards do it; the refill is that of {@link
 * TokenBucket}, kept from running while units are reserved, because they are not yet spent.
 */
public final class Quota {
  /** How a reservation stands. */
  public enum State {
    /** Units are held. */
    HELD,
    /** What was really used is charged. */
    SETTLED,
    /** Nothing is charged. */
    RELEASED,
    /** The lease ran out: all that was reserved is charged. */
    EXPIRED
  }

  // A unit is so many parts, and a nanosecond brings so many back: whole numbers, so that nothing
  // is ever rounded. No more than this is ever charged; at that point it no longer matters.
  private static final long MAX_CHARGED_PARTS = Long.MAX_VALUE / 2;

  private final long capacity;
  private final long partsPerUnit;
  private final long partsPerNano;
  private final long leaseNanos;
  private final LongSupplier nanoClock;
  private final Object lock = new Object();

  // Guarded by the lock.
  private final LinkedHashMap<Long, Reservation> open = new LinkedHashMap<>(); // oldest first
  private long reservations;
  private long chargedParts;
  private long reserved;
  private long refilledAtNanos;

  /**
   * A quota of which nothing is used.
   *
   * @param capacity units, at least 1
   * @param refillPerPeriod units of what was charged that come back each period; 0: none ever do
   * @param periodNanos the period, above 0
   * @param leaseNanos how long a reservation may stay open, above 0
   * @param nanoClock nanoseconds that never go back
   */
  public Quota(
      long capacity,
      long refillPerPeriod,
      long periodNanos,
      long leaseNanos,
      LongSupplier nanoClock) {
    if (capacity < 1 || refillPerPeriod < 0 || periodNanos < 1 || leaseNanos < 1) {
      throw new IllegalArgumentException(
          "capacity, periodNanos and leaseNanos must be at least 1, refillPerPeriod at least 0; were"
              + " %d, %d, %d, %d".formatted(capacity, periodNanos, leaseNanos, refillPerPeriod));
    }
    long divisor =
        BigInteger.valueOf(refillPerPeriod).gcd(BigInteger.valueOf(periodNanos)).longValueExact();
    this.partsPerUnit = periodNanos / divisor;
    this.partsPerNano = refillPerPeriod / divisor;
    if (capacity > MAX_CHARGED_PARTS / partsPerUnit) {
      throw new IllegalArgumentException("capacity × period must be below 2^62");
    }
    this.capacity = capacity;
    this.leaseNanos = leaseNanos;
    this.nanoClock = nanoClock;
    this.refilledAtNanos = nanoClock.getAsLong();
  }

  /**
   * Reserves units if they are available.
   *
   * @param units from 1 to the capacity: more would never be available
   * @return a reservation, which must be settled or released; empty if too few units are available
   */
  public Optional<Reservation> reserve(long units) {
    if (units < 1 || units > capacity) {
      throw new IllegalArgumentException(
          "units must be from 1 to the capacity of %d, was %d".formatted(capacity, units));
    }
    synchronized (lock) {
      long now = catchUp();
      if (units > freeUnits()) {
        return Optional.empty();
      }
      Reservation reservation = new Reservation(++reservations, units, now + leaseNanos);
      open.put(reservation.id, reservation);
      reserved += units;
      return Optional.of(reservation);
    }
  }

  /** Units that can be reserved now; negative if more was settled than had been reserved. */
  public long available() {
    synchronized (lock) {
      catchUp();
      return freeUnits();
    }
  }

  /** Units held by reservations that have not ended. */
  public long reserved() {
    synchronized (lock) {
      catchUp();
      return reserved;
    }
  }

  /** Units charged that have not come back. */
  public long charged() {
    synchronized (lock) {
      catchUp();
      return Math.ceilDiv(chargedParts, partsPerUnit);
    }
  }

  // ---- Under the lock ---------------------------------------------------------------------------

  // The clock is read once: two different times within one operation would be two operations. What
  // expired is charged as of then, so that it makes no difference when somebody looks.
  private long catchUp() {
    long now = nanoClock.getAsLong();
    for (Map.Entry<Long, Reservation> oldest = open.firstEntry();
        oldest != null && oldest.getValue().expiresAtNanos - now <= 0;
        oldest = open.firstEntry()) {
      Reservation expired = oldest.getValue();
      refill(expired.expiresAtNanos);
      end(expired, State.EXPIRED, expired.units);
    }
    refill(now);
    return now;
  }

  private void refill(long now) {
    long elapsed = now - refilledAtNanos;
    if (elapsed <= 0) {
      return;
    }
    refilledAtNanos = now;
    if (partsPerNano > 0) {
      boolean all = elapsed >= Math.ceilDiv(chargedParts, partsPerNano);
      chargedParts = all ? 0 : chargedParts - elapsed * partsPerNano;
    }
  }

  private long freeUnits() {
    return Math.floorDiv(capacity * partsPerUnit - chargedParts, partsPerUnit) - reserved;
  }

  private void charge(long units) {
    long room = (MAX_CHARGED_PARTS - chargedParts) / partsPerUnit;
    chargedParts += Math.min(units, room) * partsPerUnit;
  }

  private boolean end(Reservation reservation, State how, long units) {
    if (reservation.state != State.HELD) {
      return false;
    }
    reservation.state = how;
    open.remove(reservation.id);
    reserved -= reservation.units;
    charge(units);
    return true;
  }

  /** Units that are held until it is known how many were used. Thread-safe. */
  public final class Reservation implements AutoCloseable {
    private final long id;
    private final long units;
    private final long expiresAtNanos;
    private State state = State.HELD; // guarded by the quota's lock

    private Reservation(long id, long units, long expiresAtNanos) {
      this.id = id;
      this.units = units;
      this.expiresAtNanos = expiresAtNanos;
    }

    /** How many units were reserved. */
    public long units() {
      return units;
    }

    /** How it stands now. */
    public State state() {
      synchronized (lock) {
        catchUp();
        return state;
      }
    }

    /**
     * Ends the reservation and charges what was used, which may be more than was reserved.
     *
     * @param used units, at least 0
     * @return whether this call ended it; false if it had ended already, and nothing changed
     */
    public boolean settle(long used) {
      if (used < 0) {
        throw new IllegalArgumentException("used must be at least 0, was " + used);
      }
      synchronized (lock) {
        catchUp();
        return end(this, State.SETTLED, used);
      }
    }

    /** Ends the reservation and charges nothing; false if it had ended already. */
    public boolean release() {
      synchronized (lock) {
        catchUp();
        return end(this, State.RELEASED, 0);
      }
    }

    /** Releases it unless it has ended: the end of a try block that did not come to settle. */
    @Override
    public void close() {
      release();
    }
  }
}
