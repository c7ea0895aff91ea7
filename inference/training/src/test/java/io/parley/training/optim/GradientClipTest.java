package io.parley.training.optim;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GradientClipTest {
  private final GradientClip clip = new GradientClip(2.5);

  @Test
  void theNormIsEuclidean() {
    assertThat(GradientClip.norm(new float[] {3, 0, -4})).isEqualTo(5);
    assertThat(GradientClip.norm(new float[0])).isZero();
  }

  @Test
  void theNormHoldsWhereSquaresLeaveTheRangeOfF32() {
    assertThat(GradientClip.norm(new float[] {3e30f, 4e30f}) / 5e30).isBetween(0.999999, 1.000001);
  }

  @Test
  void aLongGradientIsBroughtToTheLimit() {
    assertThat(clip.scale(5)).isEqualTo(0.5f);
  }

  @Test
  void aShortGradientStays() {
    assertThat(clip.scale(2.5)).isEqualTo(1);
    assertThat(clip.scale(0)).isEqualTo(1);
  }
}
