package io.parley.bench;

import io.parley.common.TimeSource;
import io.parley.engine.ModelRunner;
import io.parley.engine.StepPlan;
import io.parley.engine.StepResult;
import io.parley.engine.sampling.Sampler;
import java.util.SplittableRandom;

/**
 * A real model whose steps are timed, and so is drawing a token from each row of its logits; what
 * it says is thrown away. Not thread-safe.
 */
final class TimedModel {
  private final ModelRunner model;
  private final Sampler sampler;
  private final int vocabularySize;
  private final TimeSource time;
  private final SplittableRandom random = new SplittableRandom(1);
  private int drawn; // keeps the draws from being optimized away

  TimedModel(ModelRunner model, int vocabularySize, TimeSource time) {
    this.model = model;
    this.sampler = new Sampler(vocabularySize);
    this.vocabularySize = vocabularySize;
    this.time = time;
  }

  /** Runs a step and notes its times. */
  void run(StepPlan plan, StepTimes times) {
    long began = time.nanoTime();
    StepResult result = model.run(plan);
    times.model += time.nanoTime() - began;
    for (int i = 0; i < times.drawing.length; i++) {
      times.drawing[i] += draw(result, Drawing.ALL.get(i));
    }
  }

  private long draw(StepResult result, Drawing drawing) {
    long began = time.nanoTime();
    for (int row = 0; row < result.rows(); row++) {
      int at = row * vocabularySize;
      drawn ^= sampler.sample(result.logits(), at, drawing.parameters(), random);
    }
    return time.nanoTime() - began;
  }

  /** A number that depends on every draw. */
  int drawn() {
    return drawn;
  }
}
