package io.parley.training.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.common.ParleyException;
import io.parley.common.TimeSource;
import io.parley.model.tokenizer.BytePairTokenizer;
import io.parley.testkit.VirtualTime;
import io.parley.training.batch.BatchSource;
import io.parley.training.checkpoint.CheckpointDirectory;
import io.parley.training.llama.Batch;
import io.parley.training.llama.LossAndGradient;
import io.parley.training.llama.LossFunction;
import io.parley.training.llama.ParameterLayout;
import io.parley.training.llama.Precision;
import io.parley.training.optim.Collective;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingRunTest {
  private static final TrainingSettings SETTINGS = ToyRun.settings(Precision.F32);

  @TempDir private Path directory;
  private final VirtualTime time = new VirtualTime();
  private final List<StepReport> reports = new ArrayList<>();

  @Test
  void theLossFalls() throws IOException {
    try (LossFunction function = ToyRun.function(Precision.F32)) {
      ToyRun.run(SETTINGS, function, directory, TimeSource.system())
          .run((report, total) -> reports.add(report));
    }
    assertThat(reports).hasSize(ToyRun.STEPS);
    // A guess among 261 tokens costs ln 261 = 5.56.
    assertThat(reports.getFirst().answerLoss()).isBetween(5.0, 6.0);
    assertThat(reports.getLast().answerLoss()).isLessThan(2.5);
  }

  @Test
  void minutesBecomeStepsOnceAndAreKeptByTheCheckpoint() throws IOException {
    TrainingRun run = run(new Budget.Minutes(1), new Slope(1, Duration.ofSeconds(2)));
    run.run((report, total) -> reports.add(report));
    assertThat(run.step()).isEqualTo(30);
    // A machine that is slower the second time does not shorten the run.
    TrainingRun again = run(new Budget.Minutes(5), new Slope(1, Duration.ofSeconds(20)));
    assertThat(again.step()).isEqualTo(30);
    again.run((report, total) -> reports.add(report));
    assertThat(reports).hasSize(30);
  }

  @Test
  void gradientsAreClippedToTheLimit() throws IOException {
    run(new Budget.Steps(1), new Slope(3, Duration.ZERO)).run((r, total) -> reports.add(r));
    double values = new ParameterLayout(ToyRun.shape()).size();
    assertThat(reports.getFirst().gradientNorm() / (3 * Math.sqrt(values)))
        .isBetween(0.99999, 1.00001);
    float[] moments = new CheckpointDirectory(directory).newest().orElseThrow().firstMoments();
    assertThat(moments[0] / (0.1 / Math.sqrt(values))).isBetween(0.9999, 1.0001);
  }

  @Test
  void processesTogetherTakeTheMeanOfTheirGradients() throws IOException {
    Collective four = new Copies(4);
    try (LossFunction function = new Slope(1, Duration.ZERO)) {
      new TrainingRun(
              SETTINGS,
              new Budget.Steps(1),
              data(),
              function,
              four,
              new CheckpointDirectory(directory),
              time)
          .run((report, total) -> reports.add(report));
    }
    double values = new ParameterLayout(ToyRun.shape()).size();
    assertThat(reports.getFirst().gradientNorm() / Math.sqrt(values)).isBetween(0.99999, 1.00001);
  }

  @Test
  void aGradientThatIsNotFiniteEndsTheRunBeforeItDoesHarm() throws IOException {
    TrainingRun run = run(new Budget.Steps(5), new Slope(Float.NaN, Duration.ZERO));
    float[] before = run.weights().clone();
    assertThatThrownBy(() -> run.run((report, total) -> {}))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("step 1");
    assertThat(run.weights()).isEqualTo(before);
  }

  @Test
  void otherSettingsDoNotContinueARun() throws IOException {
    run(new Budget.Steps(2), new Slope(1, Duration.ZERO)).run((report, total) -> {});
    assertThatThrownBy(() -> run(new Budget.Steps(3), new Slope(1, Duration.ZERO)))
        .isInstanceOf(ParleyException.class)
        .hasMessageContaining("--steps is 3")
        .hasMessageContaining("2");
    TrainingSettings other = ToyRun.settings(Precision.BF16);
    assertThatThrownBy(() -> ToyRun.run(other, new Slope(1, Duration.ZERO), directory, time))
        .isInstanceOf(ParleyException.class)
        .hasMessageContaining("other settings");
  }

  private TrainingRun run(Budget budget, LossFunction function) throws IOException {
    return new TrainingRun(
        SETTINGS,
        budget,
        data(),
        function,
        Collective.SINGLE,
        new CheckpointDirectory(directory),
        time);
  }

  private static BatchSource data() {
    return new BatchSource(
        ToyRun::conversation, new BytePairTokenizer(ToyRun.vocabulary())::encode, SETTINGS.batch());
  }

  /** The same slope in every direction, after some time. */
  private final class Slope implements LossFunction {
    private final float slope;
    private final Duration takes;

    Slope(float slope, Duration takes) {
      this.slope = slope;
      this.takes = takes;
    }

    @Override
    public LossAndGradient lossAndGradient(float[] weights, Batch batch) {
      time.advance(takes);
      float[] gradient = new float[weights.length];
      Arrays.fill(gradient, slope);
      return new LossAndGradient(1, 1, gradient);
    }

    @Override
    public void close() {}
  }

  /** Processes that all have the same gradient. */
  private record Copies(int size) implements Collective {
    @Override
    public void allReduce(float[] values) {
      for (int i = 0; i < values.length; i++) {
        values[i] *= size;
      }
    }

    @Override
    public int rank() {
      return 0;
    }
  }
}
