package io.parley.engine;

import static io.parley.engine.PriorityClass.BATCH;
import static io.parley.engine.PriorityClass.INTERACTIVE;
import static io.parley.engine.PriorityClass.STREAMING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import io.parley.engine.EngineEvent.Failed;
import org.junit.jupiter.api.Test;

/** Who is taken into the queue, and who has to leave it. */
class AdmissionTest {
  private static final long MS = 1_000_000;

  /** One place; ten may wait. A token is one unit of compute, a step of one token takes 1 ms. */
  private static final EngineLimits LIMITS = new EngineLimits(64, 64, 4, 8, 1, 10);

  private static final TokenCost FLAT = new TokenCost(1, 1, Double.POSITIVE_INFINITY);

  @Test
  void beforeTheEngineKnowsItsPaceOnlyTheCountBindsIt() {
    Steps steps = steps(new WaitLimits(1, 1, 1));
    for (int id = 0; id < 10; id++) {
      submit(steps, id, "a", INTERACTIVE);
    }
    assertThat(steps.scheduler.gauges().waiting()).isEqualTo(10);
  }

  @Test
  void whoWouldWaitTooLongIsRefusedAndToldWhenNotToWait() {
    Steps steps = steps(new WaitLimits(20 * MS, 20 * MS, 20 * MS));
    int taken = fill(steps, "a", INTERACTIVE, 10);
    // Each takes four tokens of prompt and four of answer: eight units at one unit a millisecond.
    assertThat(taken).isEqualTo(3);
    ParleyException refusal =
        catchThrowableOfType(ParleyException.class, () -> submit(steps, 99, "a", INTERACTIVE));
    assertThat(refusal.code()).isEqualTo(ErrorCode.OVERLOADED);
    assertThat(refusal.retryAfterMs()).isBetween(1_000L, 2_000L);
  }

  @Test
  void aFloodOfOneOrganisationDoesNotCloseTheDoorToOthers() {
    Steps steps = steps(new WaitLimits(20 * MS, 20 * MS, 20 * MS));
    fill(steps, "flood", INTERACTIVE, 10);
    assertThatThrownBy(() -> submit(steps, 98, "flood", INTERACTIVE))
        .isInstanceOf(ParleyException.class);
    submit(steps, 99, "other", INTERACTIVE);
    assertThat(steps.scheduler.gauges().waiting()).isEqualTo(4);
  }

  @Test
  void lessUrgentClassesWaitForMoreUrgentOnes() {
    Steps steps = steps(new WaitLimits(40 * MS, 20 * MS, 20 * MS));
    fill(steps, "a", INTERACTIVE, 10);
    assertThatThrownBy(() -> submit(steps, 98, "b", STREAMING))
        .as("others' interactive work comes first")
        .isInstanceOf(ParleyException.class);
    submit(steps, 99, "b", INTERACTIVE);
  }

  @Test
  void inAFullQueueTheNewestOfTheHeaviestInTheLeastUrgentClassLeaves() {
    Steps steps = steps(WaitLimits.NONE);
    submit(steps, 1, "a", BATCH);
    submit(steps, 2, "a", BATCH);
    submit(steps, 3, "b", BATCH);
    for (int id = 4; id <= 10; id++) {
      submit(steps, id, "a", STREAMING);
    }
    submit(steps, 11, "c", INTERACTIVE);
    steps.step();
    Failed shed = (Failed) steps.events.getFirst();
    assertThat(shed.sequenceId()).isEqualTo(2);
    assertThat(shed.code()).isEqualTo(ErrorCode.OVERLOADED);
    assertThat(shed.retryAfterMs()).isGreaterThanOrEqualTo(1_000);
  }

  @Test
  void inAFullQueueOfItsOwnClassTheHeavierOrganisationGivesWay() {
    Steps steps = steps(WaitLimits.NONE);
    for (int id = 0; id < 10; id++) {
      submit(steps, id, "a", INTERACTIVE);
    }
    submit(steps, 10, "b", INTERACTIVE);
    assertThatThrownBy(() -> submit(steps, 11, "a", INTERACTIVE))
        .isInstanceOfSatisfying(
            ParleyException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.OVERLOADED));
    assertThatThrownBy(() -> submit(steps, 12, "c", BATCH))
        .as("everybody else is more urgent")
        .isInstanceOf(ParleyException.class);
    steps.step();
    assertThat(steps.ended()).containsExactly(9L);
  }

  @Test
  void whatWillBeWrittenIsLearnedFromWhatWas() {
    Pace pace = new Pace(FLAT);
    SequenceRequest request = Steps.request(4, 1000, SchedulingTerms.DEFAULT);
    assertThat(pace.expectedCost(request)).isEqualTo(4 + 500);
    pace.ended(10);
    assertThat(pace.expectedCost(request)).isEqualTo(4 + 10);
    for (int i = 0; i < 200; i++) {
      pace.ended(30);
    }
    assertThat(pace.expectedCost(request)).isBetween(4 + 29.0, 4 + 30.0);
  }

  @Test
  void limitsBelowOneAreRefused() {
    assertThatThrownBy(() -> new WaitLimits(1, 0, 1))
        .isInstanceOf(ParleyException.class)
        .hasMessageContaining("wait limits");
  }

  private static Steps steps(WaitLimits limits) {
    SchedulerOptions options = SchedulerOptions.PLAIN.with(FLAT).with(limits);
    return new Steps(new Scheduler(LIMITS, Steps.VOCABULARY, options));
  }

  private static void submit(Steps steps, long id, String organisation, PriorityClass priority) {
    steps.submit(id, 4, 4, Steps.terms(organisation, priority));
  }

  /** Lets the engine learn its pace, then submits until it refuses; returns how many wait then. */
  private static int fill(Steps steps, String organisation, PriorityClass priority, int most) {
    for (int id = 1_000; id < 1_003; id++) {
      submit(steps, id, "warm-up", INTERACTIVE);
    }
    while (!steps.scheduler.isIdle()) {
      StepPlan plan = steps.scheduler.schedule(steps.now);
      steps.now += plan.tokens() * MS;
      steps.update(plan);
    }
    for (int id = 0; id < most; id++) {
      try {
        submit(steps, id, organisation, priority);
      } catch (ParleyException e) {
        return steps.scheduler.gauges().waiting();
      }
    }
    return steps.scheduler.gauges().waiting();
  }
}
