package io.parley.training.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class AdamWTest {
  private static final double RATE = 0.1;

  private final float[] weights = {1, 1};
  private final AdamW optimizer =
      new AdamW(new boolean[] {true, false}, 0.1f, new float[2], new float[2]);

  @Test
  void theFirstStepIsAsLongAsTheRateWhateverTheGradient() {
    optimizer.update(weights, new float[] {0.5f, -7}, 1, RATE, 1);
    assertWeights(1 * 0.99 - 0.1, 1 + 0.1);
  }

  @Test
  void laterStepsFollowTheCorrectedMoments() {
    optimizer.update(weights, new float[] {0.5f, 0.5f}, 1, RATE, 1);
    optimizer.update(weights, new float[] {-0.25f, -0.25f}, 2, RATE, 2);
    // m = 0.9 · 0.05 - 0.1 · 0.5, corrected by 1 - 0.9²; v is 0.25 once corrected, both times.
    double step = RATE * (-0.005 / 0.19) / 0.5;
    assertWeights((0.99 - 0.1) * 0.99 - step, (1 - 0.1) - step);
  }

  @Test
  void aWeightWithoutGradientOnlyDecays() {
    optimizer.update(weights, new float[2], 1, RATE, 1);
    assertWeights(0.99, 1);
  }

  @Test
  void theMomentsAreTheCallersArrays() {
    float[] first = new float[1];
    float[] second = new float[1];
    new AdamW(new boolean[1], 0, first, second)
        .update(new float[1], new float[] {4}, 0.5f, RATE, 1);
    assertThat(first[0]).isCloseTo(0.2f, within(1e-6f));
    assertThat(second[0]).isCloseTo(0.2f, within(1e-6f));
  }

  private void assertWeights(double decayed, double plain) {
    assertThat((double) weights[0]).isCloseTo(decayed, within(1e-6));
    assertThat((double) weights[1]).isCloseTo(plain, within(1e-6));
  }
}
