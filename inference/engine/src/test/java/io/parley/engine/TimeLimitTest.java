package io.parley.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import io.parley.engine.EngineEvent.Completed;
import io.parley.engine.EngineEvent.Failed;
import io.parley.engine.EngineEvent.Text;
import io.parley.engine.EngineEvent.Timing;
import org.junit.jupiter.api.Test;

class TimeLimitTest {
  private static final long SECOND = 1_000_000_000;
  private static final EngineLimits LIMITS = new EngineLimits(32, 8, 4, 16, 1, 4);

  private final Steps steps = new Steps(LIMITS);

  @Test
  void anAnswerThatTakesTooLongEndsWithWhatWasWritten() {
    steps.submit(1, 2, 20, within(12 * SECOND));
    for (int i = 0; i < 3; i++) {
      steps.now += 5 * SECOND;
      steps.step();
    }
    assertThat(steps.events)
        .filteredOn(Text.class::isInstance)
        .containsExactly(new Text(1, "a", 1), new Text(1, "a", 2));
    assertThat(steps.events.getLast())
        .isEqualTo(
            new Failed(
                1,
                ErrorCode.TIMEOUT,
                "the time limit of 12 s passed after 2 of at most 20 tokens",
                null,
                ParleyException.NO_RETRY,
                2,
                2,
                new Timing(5 * SECOND, 5 * SECOND, 15 * SECOND)));
    assertThat(steps.scheduler.gauges().blocksInUse()).isZero();
  }

  @Test
  void theLastTokenInTimeCounts() {
    steps.submit(1, 2, 2, within(12 * SECOND));
    steps.step();
    StepPlan plan = steps.scheduler.schedule(11 * SECOND);
    float[] logits = new float[Steps.VOCABULARY.size()];
    StepResult result = new StepResult(logits, 1, logits.length);
    assertThat(steps.scheduler.update(plan, result, 13 * SECOND))
        .last()
        .isInstanceOf(Completed.class);
  }

  @Test
  void theLimitIsReachedOnTheNanosecond() {
    steps.submit(1, 2, 20, within(500));
    steps.now = 499;
    steps.step();
    assertThat(steps.ended()).isEmpty();
    steps.now = 500;
    steps.step();
    assertThat(((Failed) steps.events.getLast()).message())
        .isEqualTo("the time limit of 0.0000005 s passed after 1 of at most 20 tokens");
  }

  @Test
  void whoWaitsTimesOutToo() {
    steps.submit(1, 2, 20, within(SchedulingTerms.NO_TIME_LIMIT));
    steps.submit(2, 2, 20, within(3 * SECOND));
    steps.step();
    steps.now = 3 * SECOND;
    steps.step();
    assertThat(steps.events)
        .filteredOn(event -> event.sequenceId() == 2)
        .last()
        .isInstanceOfSatisfying(
            Failed.class,
            failed -> {
              assertThat(failed.code()).isEqualTo(ErrorCode.TIMEOUT);
              assertThat(failed.message()).contains("after 0 of at most 20 tokens");
              assertThat(failed.timing()).isEqualTo(new Timing(-1, -1, 3 * SECOND));
            });
    assertThat(steps.scheduler.gauges().waiting()).isZero();
  }

  @Test
  void withoutALimitNothingTimesOutWhateverTheClockSays() {
    steps.now = Long.MIN_VALUE;
    steps.submit(1, 2, 2, within(SchedulingTerms.NO_TIME_LIMIT));
    steps.now = -2;
    steps.untilIdle();
    assertThat(steps.events.getLast()).isInstanceOf(Completed.class);
  }

  private static SchedulingTerms within(long nanos) {
    return new SchedulingTerms("o", 1, 1, PriorityClass.INTERACTIVE, nanos);
  }
}
