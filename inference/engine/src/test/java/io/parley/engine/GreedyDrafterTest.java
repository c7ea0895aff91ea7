package io.parley.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.engine.EngineEvent.Completed;
import io.parley.engine.EngineEvent.Failed;
import io.parley.engine.sampling.SamplingParameters;
import io.parley.engine.speculation.Speculation;
import io.parley.testkit.VirtualTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class GreedyDrafterTest {
  private static final EngineLimits LIMITS = new EngineLimits(64, 32, 4, 32, 4, 8);
  private static final int VOCABULARY = Steps.VOCABULARY.size();

  private final List<StepPlan> drafted = new ArrayList<>();

  /** A model that counts: after token t comes t + 1, and after the last the first letter. */
  private StepResult count(StepPlan plan) {
    float[] logits = new float[plan.rows() * VOCABULARY];
    int row = 0;
    for (ScheduledSequence part : plan.sequences()) {
      int[] tokens = part.tokens();
      for (int at = tokens.length - part.logitsRows(); at < tokens.length; at++) {
        logits[row++ * VOCABULARY + next(tokens[at])] = 1;
      }
    }
    return new StepResult(logits, row, VOCABULARY);
  }

  private static int next(int token) {
    return 1 + token % (VOCABULARY - 1);
  }

  private StepResult record(StepPlan plan) {
    drafted.add(plan);
    return count(plan);
  }

  @Test
  void guessesOneTokenAfterTheOtherForAllSequencesAtOnce() {
    StepPlan plan =
        new StepPlan(
            List.of(
                new ScheduledSequence(1, new int[] {3}, 10, new int[4], 1, 3),
                new ScheduledSequence(2, new int[] {0, 1, 2}, 0, new int[1], 0),
                new ScheduledSequence(3, new int[] {1}, 5, new int[2], 1, 1)),
            List.of(new BlockCopy(BlockCopy.Direction.TO_HOST, 1, 0)));
    assertThat(new GreedyDrafter(this::record).draft(plan))
        .isDeepEqualTo(new int[][] {{4, 5, 6}, {}, {2}});
    assertThat(drafted).extracting(StepPlan::tokens).containsExactly(5, 2, 1, 1);
    assertThat(drafted).extracting(StepPlan::rows).containsExactly(2, 1, 1, 0);
    assertThat(drafted.getFirst().copies()).isEqualTo(plan.copies());
    assertThat(drafted.getLast().sequences().getFirst().startPosition()).isEqualTo(13);
  }

  @Test
  void aDraftThatIsRightSavesSteps() {
    Engine alone = engine(Speculation.OFF, null);
    Engine drafting = engine(new Speculation(4, 0.2, 0.1), new GreedyDrafter(this::count));
    Completed expected = (Completed) run(alone);
    assertThat(run(drafting)).isEqualTo(expected);
    assertThat(drafting.gauges().steps()).isLessThan(alone.gauges().steps() / 2);
  }

  @Test
  void aDraftModelThatCostsMoreThanItSavesIsLeftAlone() {
    Engine dear = engine(new Speculation(4, 0.5, 0.6), new GreedyDrafter(this::record));
    run(dear);
    assertThat(drafted.stream().mapToInt(StepPlan::rows).sum()).isLessThan(10);
  }

  @Test
  void aDrafterThatFailsFailsTheStep() {
    Drafter broken =
        _ -> {
          throw new IllegalStateException("scripted");
        };
    assertThat(run(engine(new Speculation(4, 0.5, 0.1), broken))).isInstanceOf(Failed.class);
  }

  @Test
  void moreGuessesThanThereIsRoomForAreRefused() {
    ScheduledSequence part = new ScheduledSequence(1, new int[1], 0, new int[1], 1, 1);
    assertThatThrownBy(() -> part.with(new int[2]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("2 guesses");
  }

  private Engine engine(Speculation speculation, @Nullable Drafter drafter) {
    SchedulerOptions options = SchedulerOptions.PLAIN.with(speculation);
    return new Engine(
        new Scheduler(LIMITS, Steps.VOCABULARY, options), this::count, drafter, new VirtualTime());
  }

  /** The end of an answer of 20 tokens. */
  private static EngineEvent run(Engine engine) {
    int[] prompt = new int[6];
    Arrays.setAll(prompt, i -> i + 1);
    engine.submit(1, new SequenceRequest(prompt, 20, SamplingParameters.GREEDY, List.of()));
    List<EngineEvent> events = new ArrayList<>();
    while (!engine.isIdle()) {
      events.addAll(engine.step());
    }
    return events.getLast();
  }
}
