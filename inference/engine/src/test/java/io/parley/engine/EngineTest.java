package io.parley.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.engine.EngineEvent.Failed;
import io.parley.engine.EngineEvent.Text;
import io.parley.engine.sampling.SamplingParameters;
import io.parley.testkit.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EngineTest {
  private static final TinyVocabulary VOCABULARY = new TinyVocabulary();
  private static final EngineLimits LIMITS = new EngineLimits(32, 4, 8, 8, 2, 4);
  private static final SequenceRequest REQUEST =
      new SequenceRequest(new int[] {1, 2, 3}, 6, SamplingParameters.GREEDY, List.of());

  private final VirtualTime time = new VirtualTime();

  @Test
  void goesOnAfterTheRunnerThrew() {
    ModelRunner sound = new ScriptedRunner(4, 8, VOCABULARY.size());
    List<RuntimeException> faults = new ArrayList<>(List.of(new IllegalStateException("scripted")));
    Engine engine =
        engine(
            plan -> {
              if (!faults.isEmpty()) {
                throw faults.removeFirst();
              }
              return sound.run(plan);
            });
    engine.submit(1, REQUEST);
    assertThat(engine.step()).last().isInstanceOf(Failed.class);
    engine.submit(2, REQUEST);
    assertThat(engine.step()).last().isInstanceOf(Text.class);
    assertThat(engine.gauges().steps()).isEqualTo(2);
  }

  @Test
  void measuresWithTheClockThatItIsGiven() {
    Engine engine =
        engine(
            plan -> {
              time.advance(Duration.ofMillis(3));
              throw new IllegalStateException("scripted");
            });
    engine.submit(1, REQUEST);
    time.advance(Duration.ofMillis(4));
    Failed failed = (Failed) engine.step().getLast();
    assertThat(failed.timing()).isEqualTo(new EngineEvent.Timing(4_000_000, -1, 7_000_000));
  }

  @Test
  void aStepWithoutWorkDoesNotRunTheModel() {
    Engine engine =
        engine(
            plan -> {
              throw new AssertionError("ran " + plan);
            });
    assertThat(engine.step()).isEmpty();
    assertThat(engine.isIdle()).isTrue();
    assertThat(engine.gauges().steps()).isZero();
  }

  private Engine engine(ModelRunner runner) {
    return new Engine(new Scheduler(LIMITS, VOCABULARY), runner, time);
  }
}
