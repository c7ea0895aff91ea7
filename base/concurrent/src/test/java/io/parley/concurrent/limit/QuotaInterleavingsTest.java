package io.parley.concurrent.limit;

import io.parley.concurrent.Interleavings;
import io.parley.concurrent.VirtualClock;
import java.util.Optional;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** One reservation that everybody tries to end, and others beside it. */
public class QuotaInterleavingsTest {
  private final VirtualClock clock = new VirtualClock();
  private final Quota quota = new Quota(10, 1, 10, 20, clock);
  private final Optional<Quota.Reservation> shared = quota.reserve(4);

  @Operation
  public boolean settle() {
    return shared.orElseThrow().settle(2);
  }

  @Operation
  public boolean release() {
    return shared.orElseThrow().release();
  }

  @Operation
  public boolean reserveMore() {
    return quota.reserve(5).isPresent();
  }

  @Operation
  public long available() {
    return quota.available();
  }

  @Operation
  public void timePasses() {
    clock.advance(15);
  }

  @Test
  void isLinearizableUnderAllSwitchesThatWereTried() {
    Interleavings.modelCheck(QuotaInterleavingsTest.class);
  }

  @Test
  @Tag("soak")
  void isLinearizableUnderStress() {
    Interleavings.stress(QuotaInterleavingsTest.class);
  }
}
