package io.parley.serving;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.engine.EngineEvent;
import io.parley.engine.EngineEvent.Timing;
import io.parley.engine.FinishReason;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class TimeLimitsTest {
  private final TimeLimits limits = new TimeLimits();

  @Test
  void anEngineThatSaidNothingYetGetsTheLeastPace() {
    assertThat(limit(200)).isEqualTo(Duration.ofMinutes(10).plusMillis(3 * 200 * 50));
  }

  @Test
  void aSlowEngineGetsThriceItsOwnPace() {
    for (int i = 0; i < 500; i++) {
      limits.observe(answer(11, Duration.ofMillis(700), Duration.ofMillis(3700)));
    }
    assertThat(limit(100))
        .isBetween(
            Duration.ofMinutes(10).plusMillis(3 * 100 * 299),
            Duration.ofMinutes(10).plusMillis(3 * 100 * 300));
  }

  @Test
  void anIdleEngineIsNotTakenAsTheMeasureOfABusyOne() {
    for (int i = 0; i < 500; i++) {
      limits.observe(answer(11, Duration.ofMillis(1), Duration.ofMillis(11)));
    }
    assertThat(limit(200)).isEqualTo(Duration.ofMinutes(10).plusMillis(3 * 200 * 50));
  }

  @Test
  void anAnswerWithoutASecondTokenTellsNothing() {
    for (int i = 0; i < 500; i++) {
      limits.observe(answer(1, Duration.ofSeconds(1), Duration.ofHours(1)));
      limits.observe(new EngineEvent.Cancelled(1, 1, 0, new Timing(-1, -1, Long.MAX_VALUE)));
    }
    assertThat(limit(200)).isEqualTo(Duration.ofMinutes(10).plusMillis(3 * 200 * 50));
  }

  private Duration limit(int tokens) {
    return Duration.ofNanos(limits.limitNanos(tokens));
  }

  private static EngineEvent.Ended answer(int outputTokens, Duration firstToken, Duration end) {
    Timing timing = new Timing(0, firstToken.toNanos(), end.toNanos());
    return new EngineEvent.Completed(1, FinishReason.END_TURN, null, 1, outputTokens, timing);
  }
}
