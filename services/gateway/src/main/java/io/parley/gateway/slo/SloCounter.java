package io.parley.gateway.slo;

import java.util.concurrent.atomic.LongAdder;

/** Counts what one objective is about, of one model. Thread-safe; never waits. */
public final class SloCounter {
  private final Slo slo;
  private final LongAdder good = new LongAdder();
  private final LongAdder bad = new LongAdder();

  SloCounter(Slo slo) {
    this.slo = slo;
  }

  /** Something took so long. */
  public void took(long nanos) {
    count(nanos <= slo.thresholdNanos());
  }

  /** Something was good, or not. */
  public void count(boolean wasGood) {
    (wasGood ? good : bad).increment();
  }

  Counts counts() {
    return new Counts(good.sum(), bad.sum());
  }

  double good() {
    return good.sum();
  }

  double bad() {
    return bad.sum();
  }
}
