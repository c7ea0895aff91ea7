package io.parley.concurrent.limit;

import io.parley.concurrent.Interleavings;
import io.parley.concurrent.VirtualClock;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Permits, places of the future and the passing of time, in any order. */
public class SlidingWindowInterleavingsTest {
  private final VirtualClock clock = new VirtualClock();
  private final SlidingWindow window = new SlidingWindow(2, 10, clock);

  @Operation
  public boolean tryTake() {
    return window.tryTake();
  }

  @Operation
  public long reserve() {
    return window.reserve(12);
  }

  @Operation
  public int available() {
    return window.available();
  }

  @Operation
  public void timePasses() {
    clock.advance(7);
  }

  @Test
  void isLinearizableUnderAllSwitchesThatWereTried() {
    Interleavings.modelCheck(SlidingWindowInterleavingsTest.class);
  }

  @Test
  @Tag("soak")
  void isLinearizableUnderStress() {
    Interleavings.stress(SlidingWindowInterleavingsTest.class);
  }
}
