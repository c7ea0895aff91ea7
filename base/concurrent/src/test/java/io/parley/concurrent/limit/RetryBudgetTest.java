package io.parley.concurrent.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.concurrent.Threads;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;

class RetryBudgetTest {
  @Test
  void retriesAreAShareOfFirstAttemptsOnceTheReserveIsSpent() {
    RetryBudget budget = new RetryBudget(0.1, 5);
    int retries = 0;
    for (int call = 0; call < 1_000; call++) {
      budget.firstAttempt();
      while (budget.tryRetry()) {
        retries++;
      }
    }
    assertThat(retries).isBetween(100, 105);
  }

  @Test
  void creditIsNotSavedBeyondTheReserve() {
    RetryBudget budget = new RetryBudget(1, 3);
    for (int call = 0; call < 1_000; call++) {
      budget.firstAttempt();
    }
    assertThat(budget.available()).isEqualTo(3);
  }

  @Test
  void holdsForAnyNumberOfThreads() throws Exception {
    RetryBudget budget = new RetryBudget(0.2, 10);
    LongAdder retries = new LongAdder();
    try (Threads threads = new Threads()) {
      for (int t = 0; t < 4; t++) {
        threads.launch(
            () -> {
              for (int call = 0; call < 10_000; call++) {
                budget.firstAttempt();
                while (budget.tryRetry()) {
                  retries.increment();
                }
              }
            });
      }
      threads.join();
    }
    assertThat(retries.sum()).isBetween(7_990L, 8_010L);
  }

  @Test
  void sharesThatCannotBeAreRefused() {
    assertThatThrownBy(() -> new RetryBudget(1.1, 1)).hasMessageContaining("share");
    assertThatThrownBy(() -> new RetryBudget(Double.NaN, 1)).hasMessageContaining("share");
    assertThatThrownBy(() -> new RetryBudget(0.5, -1)).hasMessageContaining("reserve");
  }
}
