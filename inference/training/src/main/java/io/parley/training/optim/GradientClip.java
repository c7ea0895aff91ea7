package io.parley.training.optim;

/**
 * Keeps the length of the gradient below a limit (Pascanu et al. 2013).
 *
 * @param limit largest Euclidean norm that passes unchanged
 */
public record GradientClip(double limit) {
  /** The Euclidean norm, summed in f64 from the first value to the last. */
  public static double norm(float[] gradient) {
    double sum = 0;
    for (float value : gradient) {
      sum += (double) value * value;
    }
    return Math.sqrt(sum);
  }

  /** The factor that brings a gradient of this norm within the limit; 1 if it is already. */
  public float scale(double norm) {
    return norm > limit ? (float) (limit / norm) : 1;
  }
}
