package io.parley.simulation.fleet;

import java.util.random.RandomGenerator;

/** The faults of one replica, each drawn when the one before has happened. */
final class FaultSchedule {
  private final Faults faults;
  private final RandomGenerator random;
  private long nextStallNanos;
  private long nextFailureNanos;

  FaultSchedule(Faults faults, RandomGenerator random) {
    this.faults = faults;
    this.random = random;
    nextStallNanos = after(0, faults.secondsBetweenStalls());
    nextFailureNanos = after(0, faults.secondsBetweenFailures());
  }

  private long after(long now, double meanSeconds) {
    double gap = random.nextExponential() * meanSeconds * 1e9;
    return gap >= Long.MAX_VALUE - now ? Long.MAX_VALUE : now + 1 + (long) gap;
  }

  long nextFailureNanos() {
    return nextFailureNanos;
  }

  /** It fails; returns when it is back. */
  long failNow(long now) {
    nextFailureNanos = Long.MAX_VALUE;
    return after(now, faults.restartSeconds());
  }

  void restarted(long now) {
    nextFailureNanos = after(now, faults.secondsBetweenFailures());
  }

  /** How much longer a step takes that begins now; 0 as a rule. */
  long stallNanos(long now) {
    if (now < nextStallNanos) {
      return 0;
    }
    nextStallNanos = after(now, faults.secondsBetweenStalls());
    return after(0, faults.stallSeconds());
  }

  boolean failsStep() {
    return faults.failingSteps() > 0 && random.nextDouble() < faults.failingSteps();
  }
}
