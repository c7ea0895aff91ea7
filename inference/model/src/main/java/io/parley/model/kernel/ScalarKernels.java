package io.parley.model.kernel;

import io.parley.model.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** The reference: each formula as one plain loop. Immutable and thread-safe. */
public final class ScalarKernels implements Kernels {
  /**
   * How many partial sums a sum over a row has: partial sum s adds the elements whose index is s
   * modulo this, in order; then the partial sums are added in order.
   */
  public static final int STRIPES = 8;

  private static final ValueLayout.OfShort HALF =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final Arithmetic arithmetic;

  /** The reference of an arithmetic. */
  public ScalarKernels(Arithmetic arithmetic) {
    this.arithmetic = arithmetic;
  }

  /** The reference, in F32. */
  public ScalarKernels() {
    this(Arithmetic.F32);
  }

  @Override
  public WeightMatrix matrix(Tensor tensor) {
    return new ScalarMatrix(tensor, arithmetic);
  }

  @Override
  public AttentionKernel attention(int headSize, int blockTokens, float scale) {
    return new ScalarAttention(headSize, blockTokens, scale);
  }

  @Override
  public void widenHalves(MemorySegment halves, long offset, float[] out, int at, int count) {
    for (int i = 0; i < count; i++) {
      out[at + i] = Float.float16ToFloat(halves.get(HALF, offset + 2L * i));
    }
  }

  @Override
  public void rmsNorm(float[] x, int at, float[] weight, float epsilon, float[] out, int outAt) {
    float[] partial = new float[STRIPES];
    for (int i = 0; i < weight.length; i++) {
      partial[i % STRIPES] = Math.fma(x[at + i], x[at + i], partial[i % STRIPES]);
    }
    float scale = inverseRoot(sum(partial), weight.length, epsilon);
    for (int i = 0; i < weight.length; i++) {
      out[outAt + i] = x[at + i] * scale * weight[i];
    }
  }

  @Override
  public String description() {
    return "scalar, " + arithmetic;
  }

  static float inverseRoot(float sumOfSquares, int count, float epsilon) {
    return (float) (1 / Math.sqrt(sumOfSquares / count + epsilon));
  }

  static float sum(float[] partial) {
    float sum = 0;
    for (float p : partial) {
      sum += p;
    }
    return sum;
  }

  @Override
  public void swiGlu(float[] gate, float[] up, int at, int count) {
    multiplySwish(gate, up, at, at + count);
  }

  @Override
  public void geGlu(float[] gate, float[] up, int at, int count) {
    ScalarActivations.geGlu(gate, up, at, at + count);
  }

  @Override
  public void softCap(float[] x, int at, int count, float cap) {
    ScalarActivations.softCap(x, at, at + count, cap);
  }

  static void multiplySwish(float[] gate, float[] up, int from, int to) {
    for (int i = from; i < to; i++) {
      gate[i] = gate[i] / (1 + Exponential.exp(-gate[i])) * up[i];
    }
  }
}
