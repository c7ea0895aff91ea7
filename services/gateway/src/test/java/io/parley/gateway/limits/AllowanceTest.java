package io.parley.gateway.limits;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class AllowanceTest {
  @Property
  void lookingOftenOrSeldomMakesNoDifference(
      @ForAll @LongRange(min = 1, max = 1_000_000) long perMinute,
      @ForAll @LongRange(min = 0, max = 3_000_000) long taken,
      @ForAll @IntRange(min = 0, max = 100_000) int early,
      @ForAll @IntRange(min = 0, max = 100_000) int late) {
    Allowance start = of(perMinute).take(taken);
    assertThat(start.after(early).after(late)).isEqualTo(start.after(early + late));
  }

  @Property
  void theWaitIsNotAMillisecondTooLongOrTooShort(
      @ForAll @LongRange(min = 1, max = 1_000_000) long perMinute,
      @ForAll @LongRange(min = 0, max = 3_000_000) long taken,
      @ForAll @LongRange(min = 1, max = 3_000_000) long need) {
    Allowance start = of(perMinute).take(taken);
    long wait = start.waitMs(need);
    assertThat(start.after(wait).waitMs(need)).isZero();
    if (wait > 0) {
      assertThat(start.after(wait - 1).waitMs(need)).isEqualTo(1);
    }
  }

  @Property
  void givingBackIsNeverBetterThanNotHavingTaken(
      @ForAll @LongRange(min = 1, max = 1_000) long perMinute,
      @ForAll @LongRange(min = 0, max = 1_000) long before,
      @ForAll @LongRange(min = 0, max = 1_000) long used,
      @ForAll @LongRange(min = 0, max = 1_000) long unused,
      @ForAll @IntRange(min = 0, max = 100_000) int early,
      @ForAll @LongRange(min = 0, max = 1_000) long between,
      @ForAll @IntRange(min = 0, max = 100_000) int late) {
    Allowance start = of(perMinute).take(before);
    Allowance held = start.take(used + unused).after(early).take(between).after(late);
    Allowance honest = start.take(used).after(early).take(between).after(late);
    Allowance settled = held.correct(used + unused, used, early + late);
    assertThat(settled.takenParts()).isBetween(honest.takenParts(), held.takenParts());
  }

  @Test
  void whatIsGivenBackAtOnceIsThereAgain() {
    Allowance start = of(100).take(60);
    assertThat(start.take(40).giveBack(40, 0)).isEqualTo(start);
  }

  @Test
  void aNeedBeyondAMinutesWorthWaitsForAllAndLeavesADebt() {
    Allowance allowance = of(60);
    assertThat(allowance.waitMs(1_000)).isZero();
    assertThat(allowance.reserved(1_000)).isEqualTo(60);
    Allowance taken = allowance.take(60).correct(60, 120, 0);
    assertThat(taken.remaining()).isZero();
    assertThat(taken.waitMs(1)).isEqualTo(61_000);
    assertThat(taken.fullInMs()).isEqualTo(120_000);
  }

  @Test
  void withoutALimitNothingIsMissing() {
    Allowance none = new Allowance(OptionalLong.empty(), 5).take(Long.MAX_VALUE);
    assertThat(none.waitMs(Long.MAX_VALUE)).isZero();
    assertThat(none.takenParts()).isZero();
    assertThat(none.remaining()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void theLargestNumbersDoNotOverflow() {
    Allowance most = of(Allowance.MAX_PER_MINUTE).take(Long.MAX_VALUE);
    assertThat(most.fullInMs()).isEqualTo(120_000);
    assertThat(most.after(Long.MAX_VALUE).takenParts()).isZero();
    assertThat(most.giveBack(Long.MAX_VALUE, 0).takenParts()).isZero();
    assertThat(most.giveBack(Long.MAX_VALUE, Long.MAX_VALUE)).isEqualTo(most);
    assertThat(of(1).take(Long.MAX_VALUE).waitMs(1)).isPositive();
    assertThat(of(Allowance.MAX_PER_MINUTE + 1).waitMs(Long.MAX_VALUE)).isZero();
  }

  private static Allowance of(long perMinute) {
    return new Allowance(OptionalLong.of(perMinute), 0);
  }
}
