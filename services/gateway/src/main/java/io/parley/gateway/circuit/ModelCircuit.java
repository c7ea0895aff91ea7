package io.parley.gateway.circuit;

import io.parley.concurrent.limit.CircuitBreaker;
import java.util.function.LongSupplier;

/** The breaker of one model, and what is known of who it works for. Thread-safe. */
final class ModelCircuit {
  private final CircuitBreaker breaker;
  private final LongSupplier nanoClock;
  private final Witnesses witnesses = new Witnesses(); // guarded by itself

  ModelCircuit(CircuitBreaker.Settings settings, LongSupplier nanoClock) {
    this.breaker = new CircuitBreaker(settings, nanoClock);
    this.nanoClock = nanoClock;
  }

  CircuitBreaker breaker() {
    return breaker;
  }

  void succeeded(String organisationId, long ticket) {
    synchronized (witnesses) {
      witnesses.saw(organisationId, true, nanoClock.getAsLong());
    }
    breaker.succeeded(ticket);
  }

  /**
   * Takes note of a failure.
   *
   * @return whether it is the model's; otherwise the model works for others, and has learnt nothing
   */
  boolean failed(String organisationId, long ticket) {
    boolean ours;
    synchronized (witnesses) {
      long now = nanoClock.getAsLong();
      ours = !witnesses.worksForOthersThan(organisationId, now);
      witnesses.saw(organisationId, false, now);
    }
    if (ours) {
      breaker.failed(ticket);
    } else {
      breaker.nothingLearnt(ticket);
    }
    return ours;
  }
}
