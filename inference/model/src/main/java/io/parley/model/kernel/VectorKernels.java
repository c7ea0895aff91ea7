package io.parley.model.kernel;

import static io.parley.model.kernel.Lanes.FLOATS;
import static io.parley.model.kernel.Lanes.INTS;
import static io.parley.model.kernel.Lanes.SHORTS;
import static io.parley.model.kernel.Lanes.STRIPES;

import io.parley.model.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.List;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Kernels by the Vector API, for vectors of 256 or 512 bits. Immutable and thread-safe.
 *
 * <p>Vector operations are written out where they are used, even where that repeats a formula: a
 * vector that crosses a call which the compiler does not inline becomes an object, and the kernel a
 * hundred times slower.
 */
public final class VectorKernels implements Kernels {
  /** Whether this processor has vectors that are wide enough. */
  static boolean supported() {
    return Lanes.COUNT >= ScalarKernels.STRIPES;
  }

  private final Multiplication multiplication;

  /**
   * Kernels for this machine, in F32.
   *
   * @throws UnsupportedOperationException if its vectors have fewer than 256 bits
   */
  public VectorKernels() {
    this(Multiplication.F32);
  }

  /** Kernels of any arithmetic, with or without native code; otherwise as the other. */
  VectorKernels(Multiplication multiplication) {
    if (!supported()) {
      throw new UnsupportedOperationException("vectors of at least 256 bits are needed");
    }
    this.multiplication = multiplication;
  }

  @Override
  public WeightMatrix matrix(Tensor tensor) {
    return matrix(tensor, PanelMemory.of(tensor));
  }

  @Override
  public List<WeightMatrix> matrices(List<Tensor> tensors) {
    if (!PanelMemory.holds(tensors)) {
      return Kernels.super.matrices(tensors);
    }
    PanelMemory shared = PanelMemory.of(tensors);
    return tensors.stream().map(tensor -> matrix(tensor, shared)).toList();
  }

  private WeightMatrix matrix(Tensor tensor, PanelMemory memory) {
    return switch (tensor.type()) {
      case F32 -> new F32Panels(tensor, multiplication);
      case F16 -> new F16Panels(tensor, multiplication);
      case BF16 -> new Bf16Panels(tensor, multiplication);
      case Q4_0, Q4_1, Q4_K -> new NibblePanels(tensor, multiplication, memory);
      case Q8_0, Q5_0, Q5_1, Q5_K, Q6_K -> new BytePanels(tensor, multiplication, memory);
    };
  }

  @Override
  public AttentionKernel attention(int headSize, int blockTokens, float scale) {
    return new VectorAttention(headSize, blockTokens, scale);
  }

  @Override
  public void widenHalves(MemorySegment halves, long offset, float[] out, int at, int count) {
    int whole = FLOATS.loopBound(count);
    for (int i = 0; i < whole; i += Lanes.COUNT) {
      // As F16Panels does it: exponent and fraction into place, then times 2^112.
      ((IntVector)
              ShortVector.fromMemorySegment(
                      SHORTS, halves, offset + 2L * i, ByteOrder.LITTLE_ENDIAN)
                  .castShape(INTS, 0))
          .lanewise(VectorOperators.LSHL, 16)
          .lanewise(VectorOperators.ASHR, 3)
          .and(F16Panels.KEPT)
          .reinterpretAsFloats()
          .mul(F16Panels.BIAS)
          .intoArray(out, at + i);
    }
    for (int i = whole; i < count; i++) {
      out[at + i] =
          Float.float16ToFloat(halves.get(ValueLayout.JAVA_SHORT_UNALIGNED, offset + 2L * i));
    }
  }

  @Override
  public void rmsNorm(float[] x, int at, float[] weight, float epsilon, float[] out, int outAt) {
    int count = weight.length;
    int whole = STRIPES.loopBound(count);
    FloatVector squares = FloatVector.zero(STRIPES);
    for (int i = 0; i < whole; i += ScalarKernels.STRIPES) {
      FloatVector v = FloatVector.fromArray(STRIPES, x, at + i);
      squares = v.fma(v, squares);
    }
    float[] partial = new float[ScalarKernels.STRIPES];
    squares.intoArray(partial, 0);
    for (int i = whole; i < count; i++) {
      partial[i - whole] = Math.fma(x[at + i], x[at + i], partial[i - whole]);
    }
    float scale = ScalarKernels.inverseRoot(ScalarKernels.sum(partial), count, epsilon);
    for (int i = 0; i < whole; i += ScalarKernels.STRIPES) {
      FloatVector.fromArray(STRIPES, x, at + i)
          .mul(scale)
          .mul(FloatVector.fromArray(STRIPES, weight, i))
          .intoArray(out, outAt + i);
    }
    for (int i = whole; i < count; i++) {
      out[outAt + i] = x[at + i] * scale * weight[i];
    }
  }

  @Override
  public void swiGlu(float[] gate, float[] up, int at, int count) {
    int whole = at + FLOATS.loopBound(count);
    for (int i = at; i < whole; i += Lanes.COUNT) {
      FloatVector g = FloatVector.fromArray(FLOATS, gate, i);
      // Exponential.exp(-g), step by step.
      FloatVector x = g.neg().max(Exponential.LOWEST).min(Exponential.HIGHEST);
      FloatVector rounder = FloatVector.broadcast(FLOATS, Exponential.ROUNDER);
      FloatVector shifted = x.fma(FloatVector.broadcast(FLOATS, Exponential.LOG2_E), rounder);
      FloatVector n = shifted.sub(rounder);
      FloatVector r =
          n.fma(
              FloatVector.broadcast(FLOATS, -Exponential.LN2_LOW),
              n.fma(FloatVector.broadcast(FLOATS, -Exponential.LN2_HIGH), x));
      FloatVector p =
          r.fma(
              FloatVector.broadcast(FLOATS, Exponential.P0),
              FloatVector.broadcast(FLOATS, Exponential.P1));
      p = p.fma(r, FloatVector.broadcast(FLOATS, Exponential.P2));
      p = p.fma(r, FloatVector.broadcast(FLOATS, Exponential.P3));
      p = p.fma(r, FloatVector.broadcast(FLOATS, Exponential.P4));
      p = p.fma(r, FloatVector.broadcast(FLOATS, Exponential.P5));
      p = p.fma(r.mul(r), r).add(1);
      IntVector exponent = shifted.reinterpretAsInts().sub(Exponential.ROUNDER_BITS - 127);
      FloatVector exp = p.mul(exponent.lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats());
      g.div(exp.add(1)).mul(FloatVector.fromArray(FLOATS, up, i)).intoArray(gate, i);
    }
    ScalarKernels.multiplySwish(gate, up, whole, at + count);
  }

  @Override
  public void geGlu(float[] gate, float[] up, int at, int count) {
    VectorActivations.geGlu(gate, up, at, count);
  }

  @Override
  public void softCap(float[] x, int at, int count, float cap) {
    VectorActivations.softCap(x, at, count, cap);
  }

  @Override
  public String description() {
    String vectors =
        "vectors of %d bits, %s".formatted(Lanes.COUNT * Float.SIZE, multiplication.arithmetic());
    NativeLibrary nativeCode = multiplication.nativeCode();
    return nativeCode == null ? vectors : vectors + "; " + nativeCode.description();
  }
}
