package io.parley.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import io.parley.engine.EngineEvent.Cancelled;
import io.parley.engine.EngineEvent.Completed;
import io.parley.engine.EngineEvent.Ended;
import io.parley.engine.EngineEvent.Failed;
import io.parley.engine.EngineEvent.Started;
import io.parley.engine.EngineEvent.Text;
import io.parley.engine.EngineEvent.Timing;
import io.parley.engine.sampling.SamplingParameters;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Decisions of the scheduler, with results written by hand. */
class SchedulerTest {
  private static final TinyVocabulary VOCABULARY = new TinyVocabulary();
  private static final int A = VOCABULARY.token("a");
  private static final int B = VOCABULARY.token("b");

  /** 10 blocks of 4 tokens, 8 tokens a step, 3 sequences, 2 may wait. */
  private static final EngineLimits LIMITS = new EngineLimits(32, 10, 4, 8, 3, 2);

  private final Scheduler scheduler = new Scheduler(LIMITS, VOCABULARY);

  @Test
  void cutsALongPromptToTheBudgetAndWantsLogitsForItsLastTokenOnly() {
    scheduler.submit(1, request(20, 4), 0);
    List<ScheduledSequence> parts = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      parts.addAll(stepSaying(A).sequences());
    }
    assertThat(parts).extracting(part -> part.tokens().length).containsExactly(8, 8, 4);
    assertThat(parts).extracting(ScheduledSequence::startPosition).containsExactly(0, 8, 16);
    assertThat(parts).extracting(ScheduledSequence::logitsRows).containsExactly(0, 0, 1);
  }

  @Test
  void streamsGoFirstAndPromptsShareTheRestInTheOrderOfArrival() {
    scheduler.submit(1, request(3, 4), 0);
    stepSaying(A);
    scheduler.submit(2, request(5, 4), 0);
    scheduler.submit(3, request(9, 4), 0);
    assertThat(tokensById(scheduler.schedule(0)))
        .containsExactly(Map.entry(1L, 1), Map.entry(2L, 5), Map.entry(3L, 2));
  }

  @Test
  void theTokenThatWasDrawnIsTheNextToBeComputed() {
    scheduler.submit(1, request(3, 4), 0);
    stepSaying(B);
    ScheduledSequence part = scheduler.schedule(0).sequences().getFirst();
    assertThat(part.tokens()).containsExactly(B);
    assertThat(part.startPosition()).isEqualTo(3);
  }

  @Test
  void admitsByTheWorstCaseAndNobodyOvertakesTheFirst() {
    scheduler.submit(1, request(12, 12), 0); // 6 blocks
    scheduler.submit(2, request(12, 12), 0); // 6 blocks: must wait
    scheduler.schedule(0);
    assertThat(scheduler.gauges().blocksInUse()).isEqualTo(6);
    scheduler.submit(3, request(1, 1), 0); // would fit
    StepPlan plan = scheduler.schedule(0);
    assertThat(plan.sequences()).extracting(ScheduledSequence::sequenceId).containsExactly(1L);
    assertThat(scheduler.gauges().waiting()).isEqualTo(2);
  }

  @Test
  void theContextBoundsTheWorstCase() {
    scheduler.submit(1, request(4, 1_000_000), 0);
    scheduler.schedule(0);
    assertThat(scheduler.gauges().blocksInUse()).isEqualTo(8);
  }

  @Test
  void refusesAPromptThatFillsTheContextBeforeItQueues() {
    assertThatThrownBy(() -> scheduler.submit(1, request(32, 1), 0))
        .isInstanceOfSatisfying(
            ParleyException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_REQUEST))
        .hasMessageContaining("32");
    assertThat(scheduler.isIdle()).isTrue();
  }

  @Test
  void refusesTokensThatTheVocabularyDoesNotHave() {
    SequenceRequest request =
        new SequenceRequest(new int[] {VOCABULARY.size()}, 1, SamplingParameters.GREEDY, List.of());
    assertThatThrownBy(() -> scheduler.submit(1, request, 0)).isInstanceOf(ParleyException.class);
  }

  @Test
  void aFullQueueIsOverloaded() {
    scheduler.submit(1, request(1, 1), 0);
    scheduler.submit(2, request(1, 1), 0);
    assertThatThrownBy(() -> scheduler.submit(3, request(1, 1), 0))
        .isInstanceOfSatisfying(
            ParleyException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.OVERLOADED));
  }

  @Test
  void endsAtTheEndOfTurnWhichIsCountedButNotWritten() {
    scheduler.submit(1, request(2, 5), 0);
    stepSaying(A);
    assertThat(eventsSaying(TinyVocabulary.END_OF_TURN))
        .singleElement()
        .isInstanceOfSatisfying(
            Completed.class,
            end -> {
              assertThat(end.reason()).isEqualTo(FinishReason.END_TURN);
              assertThat(end.outputTokens()).isEqualTo(2);
            });
  }

  @Test
  void endsAfterMaxTokensAndFreesTheBlocks() {
    scheduler.submit(1, request(2, 2), 0);
    stepSaying(A);
    assertThat(eventsSaying(B))
        .satisfiesExactly(
            text -> assertThat(text).isEqualTo(new Text(1, "b", 2)),
            end -> assertThat(((Completed) end).reason()).isEqualTo(FinishReason.MAX_TOKENS));
    assertThat(scheduler.gauges().blocksInUse()).isZero();
    assertThat(scheduler.isIdle()).isTrue();
  }

  @Test
  void endsWhenTheContextIsFull() {
    scheduler.submit(1, request(30, 5), 0);
    List<EngineEvent> events = new ArrayList<>();
    while (!scheduler.isIdle()) {
      events.addAll(eventsSaying(A));
    }
    assertThat(events.getLast())
        .isInstanceOfSatisfying(
            Completed.class,
            end -> {
              assertThat(end.reason()).isEqualTo(FinishReason.CONTEXT_FULL);
              assertThat(end.outputTokens()).isEqualTo(2);
            });
  }

  @Test
  void aStopSequenceAcrossTokensIsHeldBackAndEndsTheText() {
    scheduler.submit(1, request(2, 5, "ab"), 0);
    assertThat(eventsSaying(A)).containsExactly(new Started(1, 2, 0, 0));
    assertThat(eventsSaying(B))
        .singleElement()
        .isInstanceOfSatisfying(
            Completed.class,
            end -> {
              assertThat(end.reason()).isEqualTo(FinishReason.STOP_SEQUENCE);
              assertThat(end.stopSequence()).isEqualTo("ab");
            });
  }

  @Test
  void whatWasHeldBackComesOutAtTheEndOfTurn() {
    scheduler.submit(1, request(2, 5, "ab"), 0);
    eventsSaying(A);
    assertThat(eventsSaying(TinyVocabulary.END_OF_TURN)).first().isEqualTo(new Text(1, "a", 2));
  }

  @Test
  void aCancelledSequenceEndsAtTheNextScheduleAndIsNotPlanned() {
    scheduler.submit(1, request(2, 5), 0);
    stepSaying(A);
    scheduler.cancel(1);
    StepPlan plan = scheduler.schedule(0);
    assertThat(plan.isEmpty()).isTrue();
    assertThat(scheduler.gauges().blocksInUse()).isZero();
    assertThat(scheduler.update(plan, StepResult.EMPTY, 0))
        .singleElement()
        .isInstanceOfSatisfying(
            Cancelled.class, end -> assertThat(end.outputTokens()).isEqualTo(1));
  }

  @Test
  void aSequenceCancelledDuringItsStepDrawsNoToken() {
    scheduler.submit(1, request(2, 5), 0);
    StepPlan plan = scheduler.schedule(0);
    scheduler.cancel(1);
    assertThat(scheduler.update(plan, saying(plan, A), 0))
        .satisfiesExactly(
            started -> assertThat(started).isInstanceOf(Started.class),
            end -> assertThat(((Cancelled) end).outputTokens()).isZero());
    assertThat(scheduler.gauges().blocksInUse()).isZero();
  }

  @Test
  void aSequenceStartsWhenItGetsItsBlocks() {
    scheduler.submit(1, request(12, 12), 0); // 6 blocks
    scheduler.submit(2, request(12, 12), 0); // 6 blocks: must wait
    assertThat(eventsSaying(A)).containsExactly(new Started(1, 12, 0, 0));
    scheduler.cancel(1);
    assertThat(eventsSaying(A)).last().isEqualTo(new Started(2, 12, 0, 0));
  }

  @Test
  void aSequenceThatEndsWhileItWaitsNeverStarts() {
    scheduler.submit(1, request(12, 12), 0);
    scheduler.submit(2, request(12, 12), 0);
    stepSaying(A);
    scheduler.cancel(2);
    assertThat(eventsSaying(A))
        .startsWith(new Cancelled(2, 12, 0, new Timing(-1, -1, 0)))
        .noneMatch(Started.class::isInstance);
  }

  @Test
  void aWaitingSequenceCanBeCancelled() {
    scheduler.submit(1, request(2, 5), 0);
    scheduler.cancel(1);
    scheduler.cancel(99);
    assertThat(scheduler.update(scheduler.schedule(7), StepResult.EMPTY, 7))
        .last()
        .isEqualTo(new Cancelled(1, 2, 0, new Timing(-1, -1, 7)));
    assertThat(scheduler.isIdle()).isTrue();
  }

  @Test
  void aRunnerThatFailsEndsTheSequencesOfItsStepOnly() {
    scheduler.submit(1, request(8, 5), 0);
    scheduler.submit(2, request(8, 5), 0); // the budget leaves it out of the first step
    StepPlan plan = scheduler.schedule(0);
    IllegalStateException cause = new IllegalStateException("no");
    assertThat(scheduler.runnerFailed(plan, cause, 0))
        .filteredOn(Ended.class::isInstance)
        .singleElement()
        .isInstanceOfSatisfying(
            Failed.class,
            failed -> {
              assertThat(failed.sequenceId()).isEqualTo(1);
              assertThat(failed.code()).isEqualTo(ErrorCode.API);
              assertThat(failed.cause()).isSameAs(cause);
            });
    assertThat(tokensById(stepSaying(A))).containsExactly(Map.entry(2L, 8));
  }

  @Test
  void aResultOfTheWrongShapeIsAFailureOfTheRunner() {
    scheduler.submit(1, request(2, 5), 0);
    StepPlan plan = scheduler.schedule(0);
    StepResult tooShort = new StepResult(new float[1], 1, 1);
    assertThat(scheduler.update(plan, tooShort, 0)).last().isInstanceOf(Failed.class);
  }

  @Test
  void logitsThatAreNotNumbersFailTheirSequenceAndNoOther() {
    scheduler.submit(1, request(2, 5), 0);
    scheduler.submit(2, request(2, 5), 0);
    StepPlan plan = scheduler.schedule(0);
    StepResult result = saying(plan, A);
    result.logits()[3] = Float.NaN;
    assertThat(scheduler.update(plan, result, 0))
        .filteredOn(event -> !(event instanceof Started))
        .satisfiesExactly(
            failed -> {
              assertThat(failed.sequenceId()).isEqualTo(1);
              assertThat(((Failed) failed).code()).isEqualTo(ErrorCode.API);
            },
            text -> assertThat(text).isEqualTo(new Text(2, "a", 1)));
  }

  @Test
  void failAllEndsWhoRunsAndWhoWaits() {
    for (int id = 1; id <= 2; id++) {
      scheduler.submit(id, request(20, 12), 0);
    }
    scheduler.schedule(0);
    assertThat(scheduler.failAll(ErrorCode.OVERLOADED, "closing", 0))
        .filteredOn(Failed.class::isInstance)
        .extracting(EngineEvent::sequenceId)
        .containsExactly(1L, 2L);
    assertThat(scheduler.isIdle()).isTrue();
    scheduler.checkInvariants();
  }

  @Test
  void tellsHowLongThingsTook() {
    scheduler.submit(1, request(2, 2), 100);
    StepPlan plan = scheduler.schedule(110);
    scheduler.update(plan, saying(plan, A), 130);
    StepPlan next = scheduler.schedule(140);
    Ended end = (Ended) scheduler.update(next, saying(next, A), 160).getLast();
    assertThat(end.timing()).isEqualTo(new Timing(10, 30, 60));
  }

  @Test
  void countsStepsAndTokens() {
    scheduler.submit(1, request(10, 2), 0);
    while (!scheduler.isIdle()) {
      stepSaying(A);
    }
    assertThat(scheduler.gauges())
        .isEqualTo(
            new EngineGauges(
                0,
                0,
                10,
                0,
                3,
                11,
                2,
                new PrefixCacheGauges(0, 0, 10, 0),
                SpeculationGauges.UNUSED,
                PreemptionGauges.NONE));
  }

  private StepPlan stepSaying(int token) {
    StepPlan plan = scheduler.schedule(0);
    scheduler.update(plan, saying(plan, token), 0);
    scheduler.checkInvariants();
    return plan;
  }

  private List<EngineEvent> eventsSaying(int token) {
    StepPlan plan = scheduler.schedule(0);
    List<EngineEvent> events = scheduler.update(plan, saying(plan, token), 0);
    scheduler.checkInvariants();
    return events;
  }

  private static StepResult saying(StepPlan plan, int token) {
    float[] logits = new float[plan.rows() * VOCABULARY.size()];
    for (int row = 0; row < plan.rows(); row++) {
      logits[row * VOCABULARY.size() + token] = 1;
    }
    return new StepResult(logits, plan.rows(), VOCABULARY.size());
  }

  private static List<Map.Entry<Long, Integer>> tokensById(StepPlan plan) {
    return plan.sequences().stream()
        .map(part -> Map.entry(part.sequenceId(), part.tokens().length))
        .toList();
  }

  private static SequenceRequest request(int promptTokens, int maxTokens, String... stops) {
    int[] prompt = new int[promptTokens];
    Arrays.fill(prompt, A);
    return new SequenceRequest(prompt, maxTokens, SamplingParameters.GREEDY, List.of(stops));
  }
}
