package io.parley.training.llama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LlamaLossTest {
  private static final LlamaShape SHAPE = new LlamaShape(13, 16, 2, 4, 2, 24, 32, 10_000);
  private static final int COORDINATES = 3;
  private static final float STEP = 1e-2f;

  private final Random random = new Random(11);
  private final float[] weights = SampleWindows.lively(SHAPE, random);

  /** Windows of one conversation, and windows of several. */
  private final Batch batch =
      new Batch(
          List.of(
              SampleWindows.of(13, random, new int[] {8}, new int[] {8}),
              SampleWindows.of(13, random, new int[] {5, 3, 4}, new int[] {1, 9, 2})));

  @Test
  void gradientsAreTheSlopesOfTheLossInEveryKindOfTensor() {
    try (LlamaLoss function = loss(Precision.F32, 16)) {
      float[] gradient = function.lossAndGradient(weights, batch).gradient().clone();
      for (Parameter parameter : new ParameterLayout(SHAPE).parameters()) {
        double typical = typical(gradient, parameter);
        assertThat(typical).as(parameter.name()).isGreaterThan(1e-4);
        for (int i = 0; i < COORDINATES; i++) {
          int coordinate = parameter.offset() + random.nextInt(parameter.size());
          assertThat((double) gradient[coordinate])
              .as("%s, coordinate %d", parameter.name(), coordinate)
              .isCloseTo(slope(function, coordinate), within(0.05 * typical + 2e-5));
        }
      }
    }
  }

  /** Root mean square of a tensor's gradient: the scale on which a difference counts. */
  private static double typical(float[] gradient, Parameter parameter) {
    double sum = 0;
    for (int i = parameter.offset(); i < parameter.offset() + parameter.size(); i++) {
      sum += (double) gradient[i] * gradient[i];
    }
    return Math.sqrt(sum / parameter.size());
  }

  private double slope(LlamaLoss function, int coordinate) {
    return (lossAt(function, coordinate, STEP) - lossAt(function, coordinate, -STEP)) / (2 * STEP);
  }

  private double lossAt(LlamaLoss function, int coordinate, float change) {
    float[] moved = weights.clone();
    moved[coordinate] += change;
    return function.lossAndGradient(moved, batch).loss();
  }

  @Test
  void theGradientDoesNotDependOnTheSizeOfMicroBatches() {
    try (LlamaLoss whole = loss(Precision.F32, 1000);
        LlamaLoss parts = loss(Precision.F32, 1)) {
      LossAndGradient one = whole.lossAndGradient(weights, batch);
      LossAndGradient other = parts.lossAndGradient(weights, batch);
      assertThat(one.loss()).isCloseTo(other.loss(), within(1e-6));
      assertThat(one.answerLoss()).isCloseTo(other.answerLoss(), within(1e-6));
      assertThat(Differences.largest(one.gradient(), other.gradient())).isLessThan(1e-6);
    }
  }

  @Test
  void aConversationDoesNotSeeItsNeighboursInTheWindow() {
    Windows packed = SampleWindows.of(13, random, new int[] {5, 3, 4});
    Windows alone = SampleWindows.cut(packed, 5, 8);
    Windows others = SampleWindows.cut(packed, 0, 5);
    Windows last = SampleWindows.cut(packed, 8, 12);
    try (LlamaLoss function = loss(Precision.F32, 100)) {
      double sum = 0;
      for (Windows one : List.of(alone, others, last)) {
        sum += function.lossAndGradient(weights, new Batch(List.of(one))).loss() * one.weight();
      }
      double together = function.lossAndGradient(weights, new Batch(List.of(packed))).loss();
      assertThat(together).isCloseTo(sum / packed.weight(), within(1e-5));
    }
  }

  @ParameterizedTest
  @EnumSource(Precision.class)
  void theSameInputGivesTheSameBits(Precision precision) {
    try (LlamaLoss function = loss(precision, 16);
        LlamaLoss another = loss(precision, 16)) {
      float[] first = function.lossAndGradient(weights, batch).gradient().clone();
      function.lossAndGradient(new float[weights.length], batch);
      assertThat(function.lossAndGradient(weights, batch).gradient()).isEqualTo(first);
      assertThat(another.lossAndGradient(weights, batch).gradient()).isEqualTo(first);
    }
  }

  @Test
  void bf16IsNearF32() {
    try (LlamaLoss exact = loss(Precision.F32, 16);
        LlamaLoss reduced = loss(Precision.BF16, 16)) {
      LossAndGradient expected = exact.lossAndGradient(weights, batch);
      LossAndGradient actual = reduced.lossAndGradient(weights, batch);
      assertThat(actual.loss()).isCloseTo(expected.loss(), within(0.02 * expected.loss()));
      assertThat(Differences.relative(actual.gradient(), expected.gradient())).isLessThan(0.03);
    }
  }

  @Test
  void aBatchWithoutTargetsTeachesNothing() {
    Windows silent = SampleWindows.of(13, random, new int[] {1});
    try (LlamaLoss function = loss(Precision.F32, 16)) {
      assertThat(silent.weight()).isZero();
      float[] gradient = function.lossAndGradient(weights, new Batch(List.of(silent))).gradient();
      assertThat(gradient).containsOnly(0);
    }
  }

  private static LlamaLoss loss(Precision precision, int microBatchTokens) {
    return new LlamaLoss(SHAPE, precision, 1, microBatchTokens);
  }
}
