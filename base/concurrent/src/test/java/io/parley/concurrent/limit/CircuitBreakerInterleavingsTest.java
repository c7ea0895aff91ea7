package io.parley.concurrent.limit;

import io.parley.concurrent.Interleavings;
import io.parley.concurrent.VirtualClock;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Calls that end well, badly and late, in any order. */
public class CircuitBreakerInterleavingsTest {
  private final VirtualClock clock = new VirtualClock();
  private final CircuitBreaker breaker =
      new CircuitBreaker(new CircuitBreaker.Settings(2, 2, 0.5, 10, 1), clock);
  private final long early = breaker.tryEnter();

  @Operation
  public long tryEnter() {
    return breaker.tryEnter();
  }

  @Operation
  public void callOfTheFirstPeriodFails() {
    breaker.failed(early);
  }

  @Operation
  public void callOfTheFirstTrialsSucceeds() {
    breaker.succeeded(early + 2);
  }

  @Operation
  public void callOfTheFirstTrialsTeachesNothing() {
    breaker.nothingLearnt(early + 2);
  }

  @Operation
  public CircuitBreaker.State state() {
    return breaker.state();
  }

  @Operation
  public void timePasses() {
    clock.advance(7);
  }

  @Test
  void isLinearizableUnderAllSwitchesThatWereTried() {
    Interleavings.modelCheck(CircuitBreakerInterleavingsTest.class);
  }

  @Test
  @Tag("soak")
  void isLinearizableUnderStress() {
    Interleavings.stress(CircuitBreakerInterleavingsTest.class);
  }
}
