package io.parley.simulation.device;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.engine.EngineEvent;
import io.parley.engine.EngineEvent.Completed;
import io.parley.engine.FinishReason;
import io.parley.engine.Scheduler;
import io.parley.engine.SequenceRequest;
import io.parley.engine.StepPlan;
import io.parley.engine.sampling.SamplingParameters;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SimulatedRunnerTest {
  private static final Preset PRESET = Preset.named("cpu-parley-base");

  @Test
  void theScriptEndsTheTurn() {
    Completed end = play(10, 7, 100);
    assertThat(end.reason()).isEqualTo(FinishReason.END_TURN);
    assertThat(end.outputTokens()).isEqualTo(7);
  }

  @Test
  void theRequestMayEndItEarlier() {
    Completed end = play(10, 7, 3);
    assertThat(end.reason()).isEqualTo(FinishReason.MAX_TOKENS);
    assertThat(end.outputTokens()).isEqualTo(3);
  }

  private static Completed play(int prompt, int output, int maxTokens) {
    Scheduler scheduler =
        new Scheduler(PRESET.limits(PRESET.maxBatchTokens()), SimulatedVocabulary.INSTANCE);
    SimulatedRunner runner =
        new SimulatedRunner(new Roofline(PRESET.device(), PRESET.model()), _ -> prompt + output);
    scheduler.submit(
        1,
        new SequenceRequest(new int[prompt], maxTokens, SamplingParameters.GREEDY, List.of()),
        0);
    List<EngineEvent> events = new ArrayList<>();
    long now = 0;
    while (!scheduler.isIdle()) {
      StepPlan plan = scheduler.schedule(now);
      now += runner.nanosOf(Work.of(plan));
      events.addAll(scheduler.update(plan, runner.run(plan), now));
    }
    Completed end = (Completed) events.getLast();
    assertThat(end.timing().endedNanos()).isEqualTo(now).isPositive();
    return end;
  }
}
