package io.parley.model.kernel;

/** The reference of attention. */
final class ScalarAttention implements AttentionKernel {
  private final int headSize;
  private final int blockTokens;
  private final float scale;

  ScalarAttention(int headSize, int blockTokens) {
    this.headSize = headSize;
    this.blockTokens = blockTokens;
    this.scale = scale(headSize);
  }

  static float scale(int headSize) {
    return (float) (1 / Math.sqrt(headSize));
  }

  @Override
  public void score(
      float[] query, int queryAt, float[] keys, int keysAt, int count, float[] out, int outAt) {
    for (int slot = 0; slot < count; slot++) {
      float sum = 0;
      for (int d = 0; d < headSize; d++) {
        sum = Math.fma(query[queryAt + d], keys[keysAt + d * blockTokens + slot], sum);
      }
      out[outAt + slot] = sum * scale;
    }
  }

  @Override
  public float weigh(float[] scores, int count) {
    float largest = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < count; i++) {
      largest = Math.max(largest, scores[i]);
    }
    float[] partial = new float[ScalarKernels.STRIPES];
    for (int i = 0; i < count; i++) {
      scores[i] = Exponential.exp(scores[i] - largest);
      partial[i % ScalarKernels.STRIPES] += scores[i];
    }
    return ScalarKernels.sum(partial);
  }

  @Override
  public void addValues(
      float[] weights,
      int weightsAt,
      float[] values,
      int valuesAt,
      int count,
      float[] out,
      int outAt) {
    for (int slot = 0; slot < count; slot++) {
      for (int d = 0; d < headSize; d++) {
        out[outAt + d] =
            Math.fma(
                weights[weightsAt + slot], values[valuesAt + slot * headSize + d], out[outAt + d]);
      }
    }
  }
}
