package io.parley.model.kernel;

/** The reference of the functions that only some architectures need. */
final class ScalarActivations {
  /** 2 √(2/π): the tanh of GELU as a logistic function, tanh(u) = 2 / (1 + exp(-2u)) - 1. */
  static final float GELU_LINEAR = (float) (2 * Math.sqrt(2 / Math.PI));

  /** {@link #GELU_LINEAR} × 0.044715. */
  static final float GELU_CUBIC = (float) (0.044715 * 2 * Math.sqrt(2 / Math.PI));

  private ScalarActivations() {}

  static void geGlu(float[] gate, float[] up, int from, int to) {
    for (int i = from; i < to; i++) {
      float g = gate[i];
      float z = g * Math.fma(g * g, GELU_CUBIC, GELU_LINEAR);
      gate[i] = g / (1 + Exponential.exp(-z)) * up[i];
    }
  }

  static void softCap(float[] x, int from, int to, float cap) {
    float scale = 2 / cap;
    for (int i = from; i < to; i++) {
      x[i] = cap - 2 * cap / (1 + Exponential.exp(x[i] * scale));
    }
  }
}
