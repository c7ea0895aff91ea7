package io.parley.engine;

import static io.parley.engine.PriorityClass.BATCH;
import static io.parley.engine.PriorityClass.INTERACTIVE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What becomes of the blocks of a sequence that gives way. */
class SwapTest {
  /** 8 blocks of 4 tokens, 32 tokens a step, one place. */
  private static final EngineLimits ONE_PLACE = new EngineLimits(32, 8, 4, 32, 1, 50);

  private final List<List<BlockCopy>> copies = new ArrayList<>();

  @Test
  void whatWasComputedComesBackFromHostMemory() {
    Steps steps = steps(8);
    steps.submit(1, 9, 4, Steps.terms("a", BATCH));
    step(steps);
    steps.submit(2, 1, 1, Steps.terms("b", INTERACTIVE));
    assertThat(step(steps)).as("1 gives way").isEqualTo(1);
    assertThat(directions()).containsOnly(BlockCopy.Direction.TO_HOST).hasSize(3);
    assertThat(steps.scheduler.gauges().preemption()).isEqualTo(new PreemptionGauges(1, 8, 3, 3));
    assertThat(step(steps)).as("1 goes on with the token that it drew").isEqualTo(1);
    assertThat(directions()).containsOnly(BlockCopy.Direction.FROM_HOST).hasSize(3);
    assertThat(steps.scheduler.gauges().preemption().swapSlotsInUse()).isZero();
    steps.untilIdle();
    assertThat(steps.ended()).containsExactly(2L, 1L);
  }

  @Test
  void whatDoesNotFitInHostMemoryIsComputedAgain() {
    Steps steps = steps(2);
    steps.submit(1, 9, 4, Steps.terms("a", BATCH));
    step(steps);
    steps.submit(2, 1, 1, Steps.terms("b", INTERACTIVE));
    step(steps);
    assertThat(directions()).isEmpty();
    assertThat(step(steps)).as("prompt and first token").isEqualTo(10);
  }

  @Test
  void whoNeverComesBackLeavesNoSlot() {
    Steps steps = steps(8);
    steps.submit(1, 9, 4, Steps.terms("a", BATCH));
    step(steps);
    steps.submit(2, 1, 3, Steps.terms("b", INTERACTIVE));
    step(steps);
    steps.scheduler.cancel(1);
    step(steps);
    assertThat(steps.scheduler.gauges().preemption().swapSlotsInUse()).isZero();
  }

  @Test
  void ifTheStepFailsThatCopiesOutTheTokensAreComputedAgain() {
    Steps steps = steps(8);
    steps.submit(1, 9, 4, Steps.terms("a", BATCH));
    step(steps);
    steps.submit(2, 1, 3, Steps.terms("b", INTERACTIVE));
    fail(steps);
    assertThat(steps.ended()).containsExactly(2L);
    assertThat(step(steps)).isEqualTo(10);
    assertThat(directions()).isEmpty();
  }

  @Test
  void ifTheStepFailsThatCopiesBackNobodyFindsTheBlocks() {
    SchedulerOptions options =
        SchedulerOptions.PLAIN.with(new SwapSettings(8)).with(new PrefixCacheSettings(true, 1, 2));
    Steps steps = new Steps(new Scheduler(ONE_PLACE, Steps.VOCABULARY, options));
    steps.submit(1, 9, 4, Steps.terms("a", BATCH));
    step(steps);
    steps.submit(2, 31, 1, Steps.terms("b", INTERACTIVE)); // takes every block
    step(steps);
    fail(steps); // 1 was to come back
    assertThat(steps.ended()).containsExactly(2L, 1L);
    assertThat(steps.scheduler.gauges().preemption().swapSlotsInUse()).isZero();
    steps.submit(3, 9, 4, Steps.terms("a", BATCH));
    assertThat(step(steps)).as("its beginning is not found").isEqualTo(9);
  }

  @Test
  void failingAllWhileAStepIsUnderWayLeavesNothingBehind() {
    Steps steps = steps(8);
    steps.submit(1, 9, 4, Steps.terms("a", BATCH));
    step(steps);
    steps.submit(2, 1, 1, Steps.terms("b", INTERACTIVE));
    steps.scheduler.schedule(0);
    steps.scheduler.failAll(ErrorCode.API, "given up", 0);
    steps.scheduler.checkInvariants();
    assertThat(steps.scheduler.gauges().preemption().swapSlotsInUse()).isZero();
    assertThat(steps.scheduler.gauges().blocksInUse()).isZero();
  }

  @Test
  void copiesThatTookLongerThanComputingAreNotMadeAgain() {
    SwapEstimate estimate = new SwapEstimate(new TokenCost(1, 1, Double.POSITIVE_INFINITY), 8);
    assertThat(estimate.favoursCopies(1, 0, 1)).as("nothing is known").isTrue();
    estimate.learn(plan(8, 0), 800, 0); // 100 ns a token
    assertThat(estimate.favoursCopies(3, 0, 1)).as("a copy has not been tried").isTrue();
    estimate.learn(plan(8, 2), 1000, 200); // 100 ns a block
    assertThat(estimate.favoursCopies(3, 0, 7)).as("600 against 700").isTrue();
    assertThat(estimate.favoursCopies(3, 4, 9)).as("600 against 500").isFalse();
  }

  @Test
  void aSlowCopyIsForgivenInTime() {
    SwapEstimate estimate = new SwapEstimate(TokenCost.DEFAULT, 8);
    estimate.learn(plan(8, 1), 10_000, 9_000);
    int refusals = 0;
    while (!estimate.favoursCopies(1, 0, 8)) {
      refusals++;
    }
    assertThat(refusals).isBetween(1, 50);
  }

  @Test
  void aNegativeNumberOfSlotsIsRefused() {
    assertThatThrownBy(() -> new SwapSettings(-1))
        .isInstanceOf(ParleyException.class)
        .hasMessageContaining("swap_slots");
  }

  private static StepPlan plan(int tokens, int copies) {
    ScheduledSequence part = new ScheduledSequence(1, new int[tokens], 0, new int[tokens], 1);
    List<BlockCopy> copied = new ArrayList<>();
    for (int i = 0; i < copies; i++) {
      copied.add(new BlockCopy(BlockCopy.Direction.TO_HOST, i, i));
    }
    return new StepPlan(List.of(part), copied);
  }

  private static Steps steps(int slots) {
    SchedulerOptions options = SchedulerOptions.PLAIN.with(new SwapSettings(slots));
    return new Steps(new Scheduler(ONE_PLACE, Steps.VOCABULARY, options));
  }

  /** How many tokens the step computed. */
  private int step(Steps steps) {
    steps.now += 100;
    StepPlan plan = steps.scheduler.schedule(steps.now);
    copies.add(plan.copies());
    steps.now += 100;
    steps.update(plan);
    return plan.tokens();
  }

  private static void fail(Steps steps) {
    StepPlan plan = steps.scheduler.schedule(steps.now);
    steps.events.addAll(
        steps.scheduler.runnerFailed(plan, new IllegalStateException("scripted"), steps.now));
    steps.scheduler.checkInvariants();
  }

  /** Of the copies of the last step. */
  private List<BlockCopy.Direction> directions() {
    return copies.getLast().stream().map(BlockCopy::direction).toList();
  }
}
