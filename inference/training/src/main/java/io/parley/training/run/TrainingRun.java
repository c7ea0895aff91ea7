package io.parley.training.run;

import io.parley.common.ParleyException;
import io.parley.common.TimeSource;
import io.parley.training.batch.BatchSource;
import io.parley.training.batch.PositionedBatch;
import io.parley.training.checkpoint.Checkpoint;
import io.parley.training.checkpoint.CheckpointDirectory;
import io.parley.training.llama.InitialWeights;
import io.parley.training.llama.LossAndGradient;
import io.parley.training.llama.LossFunction;
import io.parley.training.llama.Parameter;
import io.parley.training.llama.ParameterLayout;
import io.parley.training.optim.AdamW;
import io.parley.training.optim.Collective;
import io.parley.training.optim.CosineSchedule;
import io.parley.training.optim.GradientClip;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * One training run. Its state after any step is a function of settings and number of steps in all;
 * clock and checkpoints decide only where it can be taken up again.
 */
public final class TrainingRun {
  /**
   * Steps that are timed to turn minutes into steps; inside the warm-up, which is the same for all.
   */
  static final int PROBE_STEPS = 12;

  private static final int UNTIMED_STEPS = 4;
  private static final double CHECKPOINT_SECONDS = 60;

  /** Told of every step. */
  @FunctionalInterface
  public interface Listener {
    void stepped(StepReport report, long totalSteps) throws IOException;
  }

  private final TrainingSettings settings;
  private final Budget budget;
  private final BatchSource data;
  private final LossFunction function;
  private final Collective collective;
  private final CheckpointDirectory checkpoints;
  private final TimeSource time;
  private final AdamW optimizer;
  private final GradientClip clip;
  private final float[] weights;
  private final float[] first;
  private final float[] second;
  private final double[] probes = new double[PROBE_STEPS];
  private long step;
  private long position;
  private long totalSteps;

  /** Takes up the newest checkpoint of {@code checkpoints}, or starts anew if there is none. */
  public TrainingRun(
      TrainingSettings settings,
      Budget budget,
      BatchSource data,
      LossFunction function,
      Collective collective,
      CheckpointDirectory checkpoints,
      TimeSource time)
      throws IOException {
    this.settings = settings;
    this.budget = budget;
    this.data = data;
    this.function = function;
    this.collective = collective;
    this.checkpoints = checkpoints;
    this.time = time;
    ParameterLayout layout = new ParameterLayout(settings.shape());
    Optional<Checkpoint> found = checkpoints.newest();
    if (found.isPresent()) {
      Checkpoint checkpoint = checked(found.get());
      weights = checkpoint.weights();
      first = checkpoint.firstMoments();
      second = checkpoint.secondMoments();
      step = checkpoint.step();
      position = checkpoint.position();
      totalSteps = checkpoint.totalSteps();
    } else {
      weights = InitialWeights.draw(settings.shape(), new SplittableRandom(settings.seed()));
      first = new float[layout.size()];
      second = new float[layout.size()];
      totalSteps = budget instanceof Budget.Steps steps ? steps.count() : Long.MAX_VALUE;
    }
    optimizer = new AdamW(decayed(layout), settings.weightDecay(), first, second);
    clip = new GradientClip(settings.gradientLimit());
  }

  /** Number of steps done; above 0 before the first {@link #run} if the run was taken up. */
  public long step() {
    return step;
  }

  /** The weights as they are, in layout order; not a copy. */
  public float[] weights() {
    return weights;
  }

  /** Does all steps that are left, storing a checkpoint about once a minute and after the last. */
  public void run(Listener listener) throws IOException {
    long stored = time.nanoTime();
    while (step < totalSteps) {
      StepReport report = advance();
      boolean decided = decideLength(report);
      listener.stepped(report, totalSteps);
      double seconds = (time.nanoTime() - stored) / 1e9;
      if (decided || step == totalSteps || (seconds > CHECKPOINT_SECONDS && isDecided())) {
        checkpoints.save(
            new Checkpoint(settings.hash(), step, totalSteps, position, weights, first, second));
        stored = time.nanoTime();
      }
    }
  }

  private StepReport advance() {
    long started = time.nanoTime();
    PositionedBatch next = data.batch(position, step);
    LossAndGradient result = function.lossAndGradient(weights, next.batch());
    float[] gradient = result.gradient();
    collective.allReduce(gradient);
    double norm = GradientClip.norm(gradient) / collective.size();
    if (!Double.isFinite(norm)) {
      throw new IllegalStateException(
          "step " + (step + 1) + ": the gradient is not finite; try a lower learning rate");
    }
    double rate = schedule().rate(step);
    position = next.nextPosition();
    step++;
    float scale = clip.scale(norm) / collective.size();
    optimizer.update(weights, gradient, scale, rate, step);
    double seconds = (time.nanoTime() - started) / 1e9;
    return new StepReport(
        step, result.loss(), result.answerLoss(), rate, norm, next.tokens(), seconds);
  }

  private CosineSchedule schedule() {
    return new CosineSchedule(
        settings.learningRate(), settings.finalShare(), settings.warmupSteps(), totalSteps);
  }

  private boolean isDecided() {
    return totalSteps != Long.MAX_VALUE;
  }

  /** Fixes the number of steps from measured speed; true in the one step in which it happens. */
  private boolean decideLength(StepReport report) {
    if (isDecided() || !(budget instanceof Budget.Minutes minutes)) {
      return false;
    }
    probes[(int) step - 1] = report.seconds();
    if (step < PROBE_STEPS) {
      return false;
    }
    double[] timed = Arrays.copyOfRange(probes, UNTIMED_STEPS, PROBE_STEPS);
    double mean = Arrays.stream(timed).average().orElseThrow();
    totalSteps = Math.max(PROBE_STEPS, Math.round(minutes.count() * 60 / mean));
    return true;
  }

  private Checkpoint checked(Checkpoint checkpoint) {
    if (!checkpoint.settings().equals(settings.hash())) {
      throw ParleyException.invalid(
          "the checkpoint was made with other settings, corpus or tokenizer: repeat the settings"
              + " it was started with, or choose an empty --out directory");
    }
    if (budget instanceof Budget.Steps steps && steps.count() != checkpoint.totalSteps()) {
      throw ParleyException.invalid(
          "--steps is "
              + steps.count()
              + ", but the run in --out was started with "
              + checkpoint.totalSteps());
    }
    return checkpoint;
  }

  private static boolean[] decayed(ParameterLayout layout) {
    boolean[] decayed = new boolean[layout.size()];
    for (Parameter parameter : layout.parameters()) {
      int end = parameter.offset() + parameter.size();
      Arrays.fill(decayed, parameter.offset(), end, !parameter.isVector());
    }
    return decayed;
  }
}
