package io.parley.model.kernel;

import static io.parley.model.kernel.Lanes.FLOATS;
import static io.parley.model.kernel.Lanes.STRIPES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/** Attention by the Vector API: lanes are slots when scoring, dimensions when adding values. */
final class VectorAttention implements AttentionKernel {
  private final int headSize;
  private final int blockTokens;
  private final float scale;

  VectorAttention(int headSize, int blockTokens) {
    this.headSize = headSize;
    this.blockTokens = blockTokens;
    this.scale = ScalarAttention.scale(headSize);
  }

  @Override
  public void score(
      float[] query, int queryAt, float[] keys, int keysAt, int count, float[] out, int outAt) {
    int slot = 0;
    // Slots that are not in use are scored along; nobody reads the result.
    for (; slot < count && slot + Lanes.COUNT <= blockTokens; slot += Lanes.COUNT) {
      FloatVector sum = FloatVector.zero(FLOATS);
      for (int d = 0; d < headSize; d++) {
        FloatVector key = FloatVector.fromArray(FLOATS, keys, keysAt + slot + d * blockTokens);
        sum = key.fma(FloatVector.broadcast(FLOATS, query[queryAt + d]), sum);
      }
      sum.mul(scale).intoArray(out, outAt + slot);
    }
    for (; slot < count; slot++) {
      float sum = 0;
      for (int d = 0; d < headSize; d++) {
        sum = Math.fma(query[queryAt + d], keys[keysAt + slot + d * blockTokens], sum);
      }
      out[outAt + slot] = sum * scale;
    }
  }

  @Override
  public float weigh(float[] scores, int count) {
    int whole = STRIPES.loopBound(count);
    float largest = largest(scores, count, whole);
    FloatVector sums = FloatVector.zero(STRIPES);
    for (int i = 0; i < whole; i += ScalarKernels.STRIPES) {
      // Exponential.exp(score - largest), step by step.
      FloatVector x =
          FloatVector.fromArray(STRIPES, scores, i)
              .sub(largest)
              .max(Exponential.LOWEST)
              .min(Exponential.HIGHEST);
      FloatVector rounder = FloatVector.broadcast(STRIPES, Exponential.ROUNDER);
      FloatVector shifted = x.fma(FloatVector.broadcast(STRIPES, Exponential.LOG2_E), rounder);
      FloatVector n = shifted.sub(rounder);
      FloatVector r =
          n.fma(
              FloatVector.broadcast(STRIPES, -Exponential.LN2_LOW),
              n.fma(FloatVector.broadcast(STRIPES, -Exponential.LN2_HIGH), x));
      FloatVector p =
          r.fma(
              FloatVector.broadcast(STRIPES, Exponential.P0),
              FloatVector.broadcast(STRIPES, Exponential.P1));
      p = p.fma(r, FloatVector.broadcast(STRIPES, Exponential.P2));
      p = p.fma(r, FloatVector.broadcast(STRIPES, Exponential.P3));
      p = p.fma(r, FloatVector.broadcast(STRIPES, Exponential.P4));
      p = p.fma(r, FloatVector.broadcast(STRIPES, Exponential.P5));
      p = p.fma(r.mul(r), r).add(1);
      IntVector exponent = shifted.reinterpretAsInts().sub(Exponential.ROUNDER_BITS - 127);
      FloatVector weight = p.mul(exponent.lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats());
      weight.intoArray(scores, i);
      sums = sums.add(weight);
    }
    float[] partial = new float[ScalarKernels.STRIPES];
    sums.intoArray(partial, 0);
    for (int i = whole; i < count; i++) {
      scores[i] = Exponential.exp(scores[i] - largest);
      partial[i - whole] += scores[i];
    }
    return ScalarKernels.sum(partial);
  }

  private static float largest(float[] scores, int count, int whole) {
    float largest = Float.NEGATIVE_INFINITY;
    if (whole > 0) {
      FloatVector max = FloatVector.fromArray(STRIPES, scores, 0);
      for (int i = ScalarKernels.STRIPES; i < whole; i += ScalarKernels.STRIPES) {
        max = max.max(FloatVector.fromArray(STRIPES, scores, i));
      }
      largest = max.reduceLanes(VectorOperators.MAX);
    }
    for (int i = whole; i < count; i++) {
      largest = Math.max(largest, scores[i]);
    }
    return largest;
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
    int whole = FLOATS.loopBound(headSize);
    for (int d = 0; d < whole; d += Lanes.COUNT) {
      FloatVector sum = FloatVector.fromArray(FLOATS, out, outAt + d);
      for (int slot = 0; slot < count; slot++) {
        FloatVector value = FloatVector.fromArray(FLOATS, values, valuesAt + d + slot * headSize);
        sum = value.fma(FloatVector.broadcast(FLOATS, weights[weightsAt + slot]), sum);
      }
      sum.intoArray(out, outAt + d);
    }
    for (int d = whole; d < headSize; d++) {
      float sum = out[outAt + d];
      for (int slot = 0; slot < count; slot++) {
        sum = Math.fma(weights[weightsAt + slot], values[valuesAt + d + slot * headSize], sum);
      }
      out[outAt + d] = sum;
    }
  }
}
