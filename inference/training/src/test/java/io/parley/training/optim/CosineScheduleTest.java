package io.parley.training.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class CosineScheduleTest {
  private final CosineSchedule schedule = new CosineSchedule(2, 0.1, 4, 12);

  @Test
  void risesLinearlyToThePeak() {
    assertThat(schedule.rate(0)).isEqualTo(0.5);
    assertThat(schedule.rate(1)).isEqualTo(1);
    assertThat(schedule.rate(3)).isEqualTo(2);
  }

  @Test
  void fallsAlongHalfACosine() {
    assertThat(schedule.rate(4)).isEqualTo(2);
    assertThat(schedule.rate(6)).isCloseTo(0.2 + 1.8 * (1 + Math.sqrt(0.5)) / 2, within(1e-12));
    assertThat(schedule.rate(8)).isCloseTo(1.1, within(1e-12));
  }

  @Test
  void endsAtTheFinalShareAndStaysThere() {
    assertThat(schedule.rate(12)).isCloseTo(0.2, within(1e-12));
    assertThat(schedule.rate(100)).isCloseTo(0.2, within(1e-12));
  }

  @Test
  void aRunThatEndsInsideItsWarmUpHasARateForEveryStep() {
    CosineSchedule shorter = new CosineSchedule(1, 0.1, 10, 5);
    assertThat(shorter.rate(4)).isEqualTo(0.5);
    assertThat(shorter.rate(10)).isEqualTo(1);
  }

  @Test
  void withoutWarmUpItStartsAtThePeak() {
    assertThat(new CosineSchedule(1, 0, 0, 10).rate(0)).isEqualTo(1);
  }
}
