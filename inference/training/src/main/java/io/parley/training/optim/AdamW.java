package io.parley.training.optim;

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter 2019) over flat arrays.
 *
 * <p>Every value is computed from its own gradient and moments alone, without sums over values, so
 * that the result does not depend on how loops are compiled.
 */
public final class AdamW {
  private static final float BETA1 = 0.9f;
  private static final float BETA2 = 0.95f;
  private static final float EPSILON = 1e-8f;

  private final boolean[] decayed;
  private final float decay;
  private final float[] first;
  private final float[] second;

  /**
   * @param decayed which weights shrink
   * @param decay by how much, relative to the learning rate
   * @param first running mean of gradients, updated in place
   * @param second running mean of squared gradients, updated in place
   */
  public AdamW(boolean[] decayed, float decay, float[] first, float[] second) {
    this.decayed = decayed;
    this.decay = decay;
    this.first = first;
    this.second = second;
  }

  /**
   * Moves {@code weights} against {@code gradient}.
   *
   * @param step from 1 on, for the correction of the moments' start at 0
   * @param scale factor on every gradient, from clipping
   */
  public void update(
      float[] weights, float[] gradient, float scale, double learningRate, long step) {
    float rate = (float) (learningRate / (1 - Math.pow(BETA1, (double) step)));
    float secondCorrection = (float) (1 / (1 - Math.pow(BETA2, (double) step)));
    float shrink = (float) (1 - learningRate * decay);
    for (int i = 0; i < weights.length; i++) {
      float g = gradient[i] * scale;
      float m = BETA1 * first[i] + (1 - BETA1) * g;
      float v = BETA2 * second[i] + (1 - BETA2) * g * g;
      first[i] = m;
      second[i] = v;
      float weight = decayed[i] ? weights[i] * shrink : weights[i];
      weights[i] = weight - rate * m / ((float) Math.sqrt(v * secondCorrection) + EPSILON);
    }
  }
}
