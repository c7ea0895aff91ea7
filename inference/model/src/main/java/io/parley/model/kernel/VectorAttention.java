package io.parley.model.kernel;

import static io.parley.model.kernel.Lanes.COUNT;
import static io.parley.model.kernel.Lanes.FLOATS;
import static io.parley.model.kernel.Lanes.STRIPES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Attention by the Vector API: lanes are slots when scoring, dimensions when adding values. Four
 * queries times two vectors are eight independent sums, enough to hide the latency of the
 * multiply-add.
 */
final class VectorAttention implements AttentionKernel {
  private final int headSize;
  private final int blockTokens;
  private final float scale;

  VectorAttention(int headSize, int blockTokens, float scale) {
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
    int perBlock = blockTokens / COUNT;
    int vectors = blocks * perBlock;
    int i = 0;
    for (; i + 2 <= vectors; i += 2) {
      scoreTwo(
          queries,
          queriesAt,
          keys,
          keysAt + key(i, perBlock),
          keysAt + key(i + 1, perBlock),
          scores,
          scoresAt + slot(i, perBlock),
          scoresAt + slot(i + 1, perBlock),
          scoresStride);
    }
    if (i < vectors) {
      int key = keysAt + key(i, perBlock);
      scoreOne(queries, queriesAt, keys, key, scores, scoresAt + slot(i, perBlock), scoresStride);
    }
    if (blockTokens % COUNT != 0) {
      scoreRest(queries, queriesAt, keys, keysAt, blocks, scores, scoresAt, scoresStride);
    }
  }

  /** Where the keys of a vector of slots begin. */
  private int key(int vector, int perBlock) {
    return vector / perBlock * headSize * blockTokens + vector % perBlock * COUNT;
  }

  private int slot(int vector, int perBlock) {
    return vector / perBlock * blockTokens + vector % perBlock * COUNT;
  }

  /** Scores two vectors of slots. */
  private void scoreTwo(
      float[] queries,
      int queriesAt,
      float[] keys,
      int key,
      int next,
      float[] scores,
      int to,
      int toNext,
      int stride) {
    int q1 = queriesAt + headSize;
    int q2 = queriesAt + 2 * headSize;
    int q3 = queriesAt + 3 * headSize;
    FloatVector a0 = FloatVector.zero(FLOATS);
    FloatVector b0 = FloatVector.zero(FLOATS);
    FloatVector a1 = FloatVector.zero(FLOATS);
    FloatVector b1 = FloatVector.zero(FLOATS);
    FloatVector a2 = FloatVector.zero(FLOATS);
    FloatVector b2 = FloatVector.zero(FLOATS);
    FloatVector a3 = FloatVector.zero(FLOATS);
    FloatVector b3 = FloatVector.zero(FLOATS);
    for (int d = 0; d < headSize; d++) {
      FloatVector a = FloatVector.fromArray(FLOATS, keys, key + d * blockTokens);
      FloatVector b = FloatVector.fromArray(FLOATS, keys, next + d * blockTokens);
      FloatVector v0 = FloatVector.broadcast(FLOATS, queries[queriesAt + d]);
      a0 = a.fma(v0, a0);
      b0 = b.fma(v0, b0);
      FloatVector v1 = FloatVector.broadcast(FLOATS, queries[q1 + d]);
      a1 = a.fma(v1, a1);
      b1 = b.fma(v1, b1);
      FloatVector v2 = FloatVector.broadcast(FLOATS, queries[q2 + d]);
      a2 = a.fma(v2, a2);
      b2 = b.fma(v2, b2);
      FloatVector v3 = FloatVector.broadcast(FLOATS, queries[q3 + d]);
      a3 = a.fma(v3, a3);
      b3 = b.fma(v3, b3);
    }
    a0.mul(scale).intoArray(scores, to);
    b0.mul(scale).intoArray(scores, toNext);
    a1.mul(scale).intoArray(scores, to + stride);
    b1.mul(scale).intoArray(scores, toNext + stride);
    a2.mul(scale).intoArray(scores, to + 2 * stride);
    b2.mul(scale).intoArray(scores, toNext + 2 * stride);
    a3.mul(scale).intoArray(scores, to + 3 * stride);
    b3.mul(scale).intoArray(scores, toNext + 3 * stride);
  }

  /** Scores a vector of slots. */
  private void scoreOne(
      float[] queries, int queriesAt, float[] keys, int key, float[] scores, int to, int stride) {
    int q1 = queriesAt + headSize;
    int q2 = queriesAt + 2 * headSize;
    int q3 = queriesAt + 3 * headSize;
    FloatVector a0 = FloatVector.zero(FLOATS);
    FloatVector a1 = FloatVector.zero(FLOATS);
    FloatVector a2 = FloatVector.zero(FLOATS);
    FloatVector a3 = FloatVector.zero(FLOATS);
    for (int d = 0; d < headSize; d++) {
      FloatVector a = FloatVector.fromArray(FLOATS, keys, key + d * blockTokens);
      FloatVector v0 = FloatVector.broadcast(FLOATS, queries[queriesAt + d]);
      a0 = a.fma(v0, a0);
      FloatVector v1 = FloatVector.broadcast(FLOATS, queries[q1 + d]);
      a1 = a.fma(v1, a1);
      FloatVector v2 = FloatVector.broadcast(FLOATS, queries[q2 + d]);
      a2 = a.fma(v2, a2);
      FloatVector v3 = FloatVector.broadcast(FLOATS, queries[q3 + d]);
      a3 = a.fma(v3, a3);
    }
    a0.mul(scale).intoArray(scores, to);
    a1.mul(scale).intoArray(scores, to + stride);
    a2.mul(scale).intoArray(scores, to + 2 * stride);
    a3.mul(scale).intoArray(scores, to + 3 * stride);
  }

  /** Scores the slots of each block that do not fill a vector. */
  private void scoreRest(
      float[] queries,
      int queriesAt,
      float[] keys,
      int keysAt,
      int blocks,
      float[] scores,
      int scoresAt,
      int scoresStride) {
    for (int block = 0; block < blocks; block++) {
      for (int slot = blockTokens / COUNT * COUNT; slot < blockTokens; slot++) {
        int key = keysAt + block * headSize * blockTokens + slot;
        for (int q = 0; q < QUERIES; q++) {
          float sum = 0;
          for (int d = 0; d < headSize; d++) {
            sum = Math.fma(queries[queriesAt + q * headSize + d], keys[key + d * blockTokens], sum);
          }
          scores[scoresAt + q * scoresStride + block * blockTokens + slot] = sum * scale;
        }
      }
    }
  }

  @Override
  public float weigh(float[] scores, int at, int count) {
    int whole = STRIPES.loopBound(count);
    float largest = largest(scores, at, count, whole);
    FloatVector sums = FloatVector.zero(STRIPES);
    for (int i = 0; i < whole; i += ScalarKernels.STRIPES) {
      // Exponential.exp(score - largest), step by step.
      FloatVector x =
          FloatVector.fromArray(STRIPES, scores, at + i)
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
      weight.intoArray(scores, at + i);
      sums = sums.add(weight);
    }
    float[] partial = new float[ScalarKernels.STRIPES];
    sums.intoArray(partial, 0);
    for (int i = whole; i < count; i++) {
      scores[at + i] = Exponential.exp(scores[at + i] - largest);
      partial[i - whole] += scores[at + i];
    }
    return ScalarKernels.sum(partial);
  }

  private static float largest(float[] scores, int at, int count, int whole) {
    float largest = Float.NEGATIVE_INFINITY;
    if (whole > 0) {
      FloatVector max = FloatVector.fromArray(STRIPES, scores, at);
      for (int i = ScalarKernels.STRIPES; i < whole; i += ScalarKernels.STRIPES) {
        max = max.max(FloatVector.fromArray(STRIPES, scores, at + i));
      }
      largest = max.reduceLanes(VectorOperators.MAX);
    }
    for (int i = whole; i < count; i++) {
      largest = Math.max(largest, scores[at + i]);
    }
    return largest;
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
    int w1 = weightsAt + weightsStride;
    int w2 = w1 + weightsStride;
    int w3 = w2 + weightsStride;
    int d = 0;
    for (; d + 2 * COUNT <= headSize; d += 2 * COUNT) {
      int o0 = outAt + d;
      int o1 = o0 + headSize;
      int o2 = o1 + headSize;
      int o3 = o2 + headSize;
      FloatVector a0 = FloatVector.fromArray(FLOATS, out, o0);
      FloatVector b0 = FloatVector.fromArray(FLOATS, out, o0 + COUNT);
      FloatVector a1 = FloatVector.fromArray(FLOATS, out, o1);
      FloatVector b1 = FloatVector.fromArray(FLOATS, out, o1 + COUNT);
      FloatVector a2 = FloatVector.fromArray(FLOATS, out, o2);
      FloatVector b2 = FloatVector.fromArray(FLOATS, out, o2 + COUNT);
      FloatVector a3 = FloatVector.fromArray(FLOATS, out, o3);
      FloatVector b3 = FloatVector.fromArray(FLOATS, out, o3 + COUNT);
      int at = valuesAt + d;
      for (int slot = 0; slot < count; slot++) {
        FloatVector a = FloatVector.fromArray(FLOATS, values, at + slot * headSize);
        FloatVector b = FloatVector.fromArray(FLOATS, values, at + COUNT + slot * headSize);
        FloatVector v0 = FloatVector.broadcast(FLOATS, weights[weightsAt + slot]);
        a0 = a.fma(v0, a0);
        b0 = b.fma(v0, b0);
        FloatVector v1 = FloatVector.broadcast(FLOATS, weights[w1 + slot]);
        a1 = a.fma(v1, a1);
        b1 = b.fma(v1, b1);
        FloatVector v2 = FloatVector.broadcast(FLOATS, weights[w2 + slot]);
        a2 = a.fma(v2, a2);
        b2 = b.fma(v2, b2);
        FloatVector v3 = FloatVector.broadcast(FLOATS, weights[w3 + slot]);
        a3 = a.fma(v3, a3);
        b3 = b.fma(v3, b3);
      }
      a0.intoArray(out, o0);
      b0.intoArray(out, o0 + COUNT);
      a1.intoArray(out, o1);
      b1.intoArray(out, o1 + COUNT);
      a2.intoArray(out, o2);
      b2.intoArray(out, o2 + COUNT);
      a3.intoArray(out, o3);
      b3.intoArray(out, o3 + COUNT);
    }
    for (int q = 0; q < QUERIES; q++) {
      addValues(
          weights,
          weightsAt + q * weightsStride,
          values,
          valuesAt,
          count,
          out,
          outAt + q * headSize,
          d);
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
    addValues(weights, weightsAt, values, valuesAt, count, out, outAt, 0);
  }

  /** For one query, from dimension {@code from} on. */
  private void addValues(
      float[] weights,
      int weightsAt,
      float[] values,
      int valuesAt,
      int count,
      float[] out,
      int outAt,
      int from) {
    int d = from;
    for (; d + COUNT <= headSize; d += COUNT) {
      FloatVector sum = FloatVector.fromArray(FLOATS, out, outAt + d);
      for (int slot = 0; slot < count; slot++) {
        FloatVector value = FloatVector.fromArray(FLOATS, values, valuesAt + d + slot * headSize);
        sum = value.fma(FloatVector.broadcast(FLOATS, weights[weightsAt + slot]), sum);
      }
      sum.intoArray(out, outAt + d);
    }
    for (; d < headSize; d++) {
      float sum = out[outAt + d];
      for (int slot = 0; slot < count; slot++) {
        sum = Math.fma(weights[weightsAt + slot], values[valuesAt + d + slot * headSize], sum);
      }
      out[outAt + d] = sum;
    }
  }
}
