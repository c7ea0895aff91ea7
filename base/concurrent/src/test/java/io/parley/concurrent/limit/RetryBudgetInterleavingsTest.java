package io.parley.concurrent.limit;

import io.parley.concurrent.Interleavings;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** First attempts and retries in any order. */
public class RetryBudgetInterleavingsTest {
  private final RetryBudget budget = new RetryBudget(0.5, 2);

  @Operation
  public void firstAttempt() {
    budget.firstAttempt();
  }

  @Operation
  public boolean tryRetry() {
    return budget.tryRetry();
  }

  @Operation
  public long available() {
    return budget.available();
  }

  @Test
  void isLinearizableUnderAllSwitchesThatWereTried() {
    Interleavings.modelCheck(RetryBudgetInterleavingsTest.class);
  }

  @Test
  @Tag("soak")
  void isLinearizableUnderStress() {
    Interleavings.stress(RetryBudgetInterleavingsTest.class);
  }
}
