package io.parley.model.kernel;

/** The reference of attention. */
final class ScalarAttention implements AttentionKernel {
  private final int headSize;
  private final int blockTokens;
  private final float scale;

  ScalarAttention(int headSize, int blockTokens, float scale) {
    this.headSize = headSize;
    this.blockTokens = blockTokens;
    this.scale = scale;
  }

  @Override
  public void score(
      float[] queries,
      int queriesAt,
      float[] keys,
      int keysAt,
      int blocks,
      float[] scores,
      int scoresAt,
      int scoresStride) {
    for (int q = 0; q < QUERIES; q++) {
      for (int i = 0; i < blocks * blockTokens; i++) {
        int key = keysAt + i / blockTokens * headSize * blockTokens + i % blockTokens;
        float sum = 0;
        for (int d = 0; d < headSize; d++) {
          sum = Math.fma(queries[queriesAt + q * headSize + d], keys[key + d * blockTokens], sum);
        }
        scores[scoresAt + q * scoresStride + i] = sum * scale;
      }
    }
  }

  @Override
  public float weigh(float[] scores, int at, int count) {
    float largest = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < count; i++) {
      largest = Math.max(largest, scores[at + i]);
    }
    float[] partial = new float[ScalarKernels.STRIPES];
    for (int i = 0; i < count; i++) {
      scores[at + i] = Exponential.exp(scores[at + i] - largest);
      partial[i % ScalarKernels.STRIPES] += scores[at + i];
    }
    return ScalarKernels.sum(partial);
  }

  @Override
  public void addValues(
      float[] weights,
      int weightsAt,
      int weightsStride,
      float[] values,
      int valuesAt,
      int count,
      float[] out,
      int outAt) {
    for (int q = 0; q < QUERIES; q++) {
      addValuesToOne(
          weights,
          weightsAt + q * weightsStride,
          values,
          valuesAt,
          count,
          out,
          outAt + q * headSize);
    }
  }

  @Override
  public void addValuesToOne(
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
