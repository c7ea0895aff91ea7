package io.parley.gateway.limits;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.gateway.limits.BudgetAccount.Verdict;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class BudgetAccountTest {
  private static final long HOLD_MS = 1_000;

  record Step(int what, int ms, int id, int micros) {}

  @Property(tries = 1_000)
  void spendStaysWithinTheBudgetAndIsWhatWasSettled(
      @ForAll @LongRange(min = 0, max = 2_000) long budget, @ForAll("scripts") List<Step> script) {
    Map<Integer, Long> held = new HashMap<>();
    Map<Integer, Long> until = new HashMap<>();
    long spent = 0;
    long now = 0;
    Optional<byte[]> state = Optional.of(BudgetAccount.begin(0, now).bytes());
    for (Step step : script) {
      now += step.ms;
      long time = now;
      until.values().removeIf(expires -> expires <= time);
      held.keySet().retainAll(until.keySet());
      BudgetAccount account = BudgetAccount.open(state, now).orElseThrow();
      long most = held.getOrDefault(step.id, 0L);
      switch (step.what) {
        case 0 -> {
          if (!held.containsKey(step.id)
              && account.reserve(step.id, step.micros, budget, HOLD_MS) == Verdict.HELD) {
            held.put(step.id, (long) step.micros);
            until.put(step.id, now + HOLD_MS);
          }
        }
        case 1 -> {
          account.correct(step.id, Math.min(most, step.micros));
          held.computeIfPresent(step.id, (id, old) -> Math.min(old, step.micros));
        }
        case 2 -> {
          account.settle(step.id, Math.min(most, step.micros));
          spent += Math.min(most, step.micros);
          held.remove(step.id);
          until.remove(step.id);
        }
        default -> {
          account.release(step.id);
          held.remove(step.id);
          until.remove(step.id);
        }
      }
      state = Optional.of(account.bytes());
      assertThat(account.spentMicros()).isEqualTo(spent).isLessThanOrEqualTo(budget);
      assertThat(account.heldMicros()).isEqualTo(held.values().stream().mapToLong(m -> m).sum());
      assertThat(account.spentMicros() + account.heldMicros()).isLessThanOrEqualTo(budget);
    }
  }

  @Provide
  Arbitrary<List<Step>> scripts() {
    return Combinators.combine(
            Arbitraries.integers().between(0, 3),
            Arbitraries.integers().between(0, 300),
            Arbitraries.integers().between(1, 6),
            Arbitraries.integers().between(0, 900))
        .as(Step::new)
        .list()
        .ofMaxSize(60);
  }

  @Test
  void tellsWhatIsSpentFromWhatIsHeld() {
    BudgetAccount account = BudgetAccount.begin(40, 0);
    assertThat(account.reserve(1, 50, 100, HOLD_MS)).isEqualTo(Verdict.HELD);
    assertThat(account.reserve(2, 50, 100, HOLD_MS)).isEqualTo(Verdict.TAKEN);
    assertThat(account.reserve(2, 61, 100, HOLD_MS)).isEqualTo(Verdict.USED_UP);
    assertThat(account.reserve(3, 0, 10, HOLD_MS)).as("costs nothing").isEqualTo(Verdict.HELD);
    account.settle(1, 10);
    assertThat(account.reserve(2, 50, 100, HOLD_MS)).isEqualTo(Verdict.HELD);
  }

  @Test
  void bytesOfAnotherVersionAreUnknown() {
    byte[] bytes = BudgetAccount.begin(40, 0).bytes();
    bytes[0] = 99;
    assertThat(BudgetAccount.open(Optional.of(bytes), 0)).isEmpty();
    assertThat(BudgetAccount.open(Optional.empty(), 0)).isEmpty();
  }
}
