package io.parley.gateway.slo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.parley.common.ParleyException;
import io.parley.testkit.VirtualTime;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class SloMonitorTest {
  private final VirtualTime time = new VirtualTime();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final SloMonitor monitor =
      new SloMonitor(Slos.of(1_000, 0.99, 100, 0.99, 0.99, 30, 10), meters, time);
  private final SloCounter counter = monitor.counter(monitor.slos().availability(), "m");

  /** A hundred requests a minute, so many of them bad. */
  private void pass(Duration span, int badOfHundred) {
    for (long minute = 0; minute < span.toMinutes(); minute++) {
      for (int i = 0; i < 100; i++) {
        counter.count(i >= badOfHundred);
      }
      time.advance(Duration.ofMinutes(1));
      monitor.tick();
    }
  }

  private List<String> firing() {
    return monitor.status().stream()
        .flatMap(status -> status.alerts().stream())
        .filter(SloStatus.AlertStatus::firing)
        .map(alert -> alert.alert().name())
        .toList();
  }

  @Test
  void nothingFiresWithinTheObjective() {
    pass(Duration.ofDays(3), 1);
    assertThat(firing()).isEmpty();
    assertThat(monitor.status().getFirst().budgetLeft()).isBetween(-0.01, 0.01);
  }

  @Test
  void anOutageFiresAtOnceAndStopsSoonAfterItsEnd() {
    pass(Duration.ofHours(6), 0);
    pass(Duration.ofMinutes(8), 50);
    assertThat(firing()).doesNotContain("fast"); // not 14.4 times over an hour yet
    pass(Duration.ofMinutes(12), 50);
    assertThat(firing()).contains("fast");
    pass(Duration.ofMinutes(5), 0);
    assertThat(firing()).doesNotContain("fast");
  }

  @Test
  void aSlowBurnIsFoundByTheLongWindowsAlone() {
    pass(Duration.ofHours(5), 0);
    pass(Duration.ofHours(6), 8);
    assertThat(firing()).containsExactly("slow", "steady");
  }

  @Test
  void aLeakMakesATicketAndNobodyGetsUpForIt() {
    pass(Duration.ofDays(2), 0);
    pass(Duration.ofDays(2), 2);
    assertThat(firing()).containsExactly("steady");
  }

  @Test
  void aTotalOutageUsesUpTheBudgetOfTheWindow() {
    pass(Duration.ofHours(99), 0);
    pass(Duration.ofHours(1), 100);
    SloStatus status = monitor.status().getFirst();
    assertThat(status.counts()).isEqualTo(new Counts(99 * 6_000, 6_000));
    assertThat(status.budgetLeft()).isBetween(-0.01, 0.01);
  }

  @Test
  void withoutTrafficThereIsNoAlert() {
    pass(Duration.ofHours(1), 100);
    time.advance(Duration.ofDays(4));
    monitor.tick();
    assertThat(firing()).isEmpty();
  }

  @Test
  void aFewFailuresOfAnIdleServerWakeNobody() {
    for (int failure = 0; failure < 9; failure++) {
      counter.count(false);
      time.advance(Duration.ofMinutes(1));
      monitor.tick();
      assertThat(firing()).isEmpty();
    }
    assertThat(monitor.status().getFirst().alerts().getFirst().longBurn())
        .isEqualTo(100, within(1e-6));
    assertThat(
            meters
                .get("parley.slo.alert")
                .tags("slo", "availability", "alert", "fast")
                .gauge()
                .value())
        .isZero();
  }

  @Test
  void anOutageWithLittleTrafficIsFoundOnceItIsNoAccident() {
    for (int failure = 0; failure < 10; failure++) {
      counter.count(false);
      time.advance(Duration.ofMinutes(4));
      monitor.tick();
    }
    assertThat(firing()).containsExactly("fast", "slow", "steady");
  }

  @Test
  void failuresThatHaveLeftTheWindowBackItsAlertNoMore() {
    for (int failure = 0; failure < 10; failure++) {
      counter.count(false);
    }
    monitor.tick();
    assertThat(firing()).contains("fast");
    time.advance(Duration.ofMinutes(62));
    counter.count(false);
    monitor.tick();
    assertThat(firing()).containsExactly("slow", "steady");
  }

  @Test
  void anAlertThatNothingWouldHaveToBackIsRefused() {
    assertThatThrownBy(() -> Slos.of(1, 0.99, 1, 0.99, 0.99, 30, 0))
        .hasMessageContaining("leastBad");
  }

  @Test
  void latenciesAreGoodUpToTheThreshold() {
    SloCounter ttft = monitor.counter(monitor.slos().ttft(), "m");
    ttft.took(1_000_000_000);
    ttft.took(1_000_000_001);
    assertThat(ttft.counts()).isEqualTo(new Counts(1, 1));
  }

  @Test
  void metricsSayWhatTheStatusSays() {
    pass(Duration.ofHours(1), 100);
    assertThat(
            meters
                .get("parley.slo.alert")
                .tags("slo", "availability", "model", "m", "alert", "fast")
                .gauge()
                .value())
        .isEqualTo(1);
    assertThat(meters.get("parley.slo.events").tags("result", "bad").functionCounter().count())
        .isEqualTo(6_000);
  }

  @Test
  void anObjectiveThatNoAlertCouldGuardIsRefused() {
    assertThatThrownBy(() -> Slos.of(1, 0.9, 1, 0.99, 0.99, 30, 10))
        .isInstanceOf(ParleyException.class)
        .hasMessageContaining("ttft")
        .hasMessageContaining("0.94");
  }
}
