package io.parley.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.engine.EngineEvent.Ended;
import io.parley.engine.EngineEvent.Failed;
import io.parley.engine.EngineEvent.Started;
import io.parley.engine.EngineEvent.Text;
import io.parley.engine.sampling.SamplingParameters;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What sequences find of each other, and what they must not find. */
class PrefixSharingTest {
  private static final TinyVocabulary VOCABULARY = new TinyVocabulary();
  private static final int A = VOCABULARY.token("a");

  /** 100 blocks of 4 tokens, 16 tokens a step. */
  private static final EngineLimits LIMITS = new EngineLimits(200, 100, 4, 16, 4, 8);

  private final Scheduler scheduler =
      new Scheduler(
          LIMITS, VOCABULARY, SchedulerOptions.PLAIN.with(new PrefixCacheSettings(true, 1, 2)));

  @Test
  void ofAPromptThatIsSharedToNineTenthsATenthIsComputedBeforeItsFirstToken() {
    scheduler.submit(1, request("o", prompt(90, 1), 4), 0);
    finish();
    assertThat(computedBeforeFirstToken(2, request("other", prompt(100, 2), 4))).isEqualTo(100);
    assertThat(computedBeforeFirstToken(3, request("o", prompt(100, 3), 4)))
        .isLessThanOrEqualTo(20);
  }

  /** Prompts of 100 tokens: 90 in common, then 10 of their own. */
  private static int[] prompt(int length, int own) {
    return IntStream.range(0, length).map(i -> i < 90 ? 1 + i % 7 : own).toArray();
  }

  private long computedBeforeFirstToken(long id, SequenceRequest request) {
    long before = scheduler.gauges().tokensComputed();
    scheduler.submit(id, request, 0);
    List<EngineEvent> events = new ArrayList<>();
    while (events.stream().noneMatch(Text.class::isInstance)) {
      events.addAll(step());
    }
    long computed = scheduler.gauges().tokensComputed() - before;
    finish();
    return computed;
  }

  @Test
  void theStartTellsHowManyTokensWereFound() {
    scheduler.submit(1, request("o", prompt(90, 1), 2), 0);
    assertThat(finish()).first().isEqualTo(new Started(1, 90, 0, 0));
    scheduler.submit(2, request("o", prompt(100, 2), 2), 0);
    assertThat(finish()).first().isEqualTo(new Started(2, 100, 88, 0));
    assertThat(scheduler.gauges().prefixCache().hitTokens()).isEqualTo(88);
    assertThat(scheduler.gauges().prefixCache().lookupTokens()).isEqualTo(190);
  }

  @Test
  void anAnswerIsFoundWhenTheConversationGoesOn() {
    scheduler.submit(1, request("o", new int[] {A, A, A}, 10), 0);
    finish(); // 13 tokens, the last of them not computed
    int[] longer = new int[20];
    Arrays.fill(longer, A);
    scheduler.submit(2, request("o", longer, 1), 0);
    assertThat(finish()).first().isEqualTo(new Started(2, 20, 12, 0));
  }

  @Test
  void sequencesThatRunAtTheSameTimeShareWhatOneOfThemHasComputed() {
    scheduler.submit(1, request("o", prompt(90, 1), 50), 0);
    for (int i = 0; i < 8; i++) {
      step();
    }
    int alone = scheduler.gauges().blocksInUse();
    scheduler.submit(2, request("o", prompt(90, 1), 50), 0);
    assertThat(step()).contains(new Started(2, 90, 88, 0));
    assertThat(scheduler.gauges().blocksInUse()).isEqualTo(2 * alone - 22);
    finish();
    assertThat(scheduler.gauges().blocksInUse()).isZero();
  }

  @Test
  void twinsThatComputeTheSameAtTheSameTimeEndWithOneCopy() {
    scheduler.submit(1, request("o", prompt(40, 1), 20), 0);
    scheduler.submit(2, request("o", prompt(40, 1), 20), 0);
    for (int i = 0; i < 6; i++) {
      step();
    }
    assertThat(scheduler.gauges().blocksInUse()).isLessThanOrEqualTo(2 * 15 - 10);
    finish();
    assertThat(scheduler.gauges().prefixCache().idleBlocks()).isEqualTo(14);
  }

  @Test
  void whatAFailedStepLeftBehindIsNotFound() {
    scheduler.submit(1, request("o", prompt(40, 1), 4), 0);
    step(); // 16 tokens are computed, 16 more are planned
    StepPlan plan = scheduler.schedule(0);
    scheduler.runnerFailed(plan, new IllegalStateException("scripted"), 0);
    scheduler.checkInvariants();
    scheduler.submit(2, request("o", prompt(40, 1), 4), 0);
    assertThat(finish()).first().isEqualTo(new Started(2, 40, 16, 0));
  }

  @Test
  void aCancelledSequenceLeavesWhatItHasComputedAndNoMore() {
    scheduler.submit(1, request("o", prompt(40, 1), 4), 0);
    step();
    scheduler.cancel(1);
    step();
    scheduler.submit(2, request("o", prompt(40, 1), 4), 0);
    assertThat(finish()).first().isEqualTo(new Started(2, 40, 16, 0));
  }

  @Test
  void aPromptThatTheModelMadeNonsenseOfIsComputedAnew() {
    scheduler.submit(1, request("o", prompt(10, 1), 4), 0);
    StepPlan plan = scheduler.schedule(0);
    float[] logits = new float[VOCABULARY.size()];
    Arrays.fill(logits, Float.NaN);
    assertThat(scheduler.update(plan, new StepResult(logits, 1, VOCABULARY.size()), 0))
        .last()
        .isInstanceOf(Failed.class);
    scheduler.submit(2, request("o", prompt(10, 1), 4), 0);
    assertThat(finish()).first().isEqualTo(new Started(2, 10, 0, 0));
  }

  @Test
  void idleBlocksMakeRoomForWhoeverNeedsIt() {
    for (int id = 1; id <= 5; id++) {
      scheduler.submit(id, request("o", prompt(190, id), 10), 0); // 50 blocks each
    }
    finish();
    PrefixCacheGauges gauges = scheduler.gauges().prefixCache();
    assertThat(gauges.evictions()).isPositive();
    assertThat(gauges.idleBlocks()).isLessThanOrEqualTo(100);
    assertThat(scheduler.gauges().blocksInUse()).isZero();
  }

  @Test
  void aFreshSchedulerFindsNothing() {
    scheduler.submit(1, request("o", prompt(40, 1), 1), 0);
    finish();
    Scheduler fresh =
        new Scheduler(
            LIMITS, VOCABULARY, SchedulerOptions.PLAIN.with(new PrefixCacheSettings(true, 1, 2)));
    fresh.submit(2, request("o", prompt(40, 1), 1), 0);
    fresh.schedule(0);
    assertThat(fresh.gauges().prefixCache().hitTokens()).isZero();
  }

  @Test
  void theSecretIsNotInLogs() {
    assertThat(new PrefixCacheSettings(true, 12345, 67890).toString())
        .doesNotContain("12345")
        .doesNotContain("67890");
  }

  private List<EngineEvent> finish() {
    List<EngineEvent> events = new ArrayList<>();
    while (!scheduler.isIdle()) {
      events.addAll(step());
    }
    assertThat(events).last().isInstanceOf(Ended.class);
    return events;
  }

  /** Every sequence says a. */
  private List<EngineEvent> step() {
    StepPlan plan = scheduler.schedule(0);
    scheduler.checkInvariants();
    float[] logits = new float[plan.rows() * VOCABULARY.size()];
    for (int row = 0; row < plan.rows(); row++) {
      logits[row * VOCABULARY.size() + A] = 1;
    }
    List<EngineEvent> events =
        scheduler.update(plan, new StepResult(logits, plan.rows(), VOCABULARY.size()), 0);
    scheduler.checkInvariants();
    return events;
  }

  private static SequenceRequest request(String organisation, int[] prompt, int maxTokens) {
    return new SequenceRequest(
        prompt, maxTokens, SamplingParameters.GREEDY, List.of(), SchedulingTerms.of(organisation));
  }
}
