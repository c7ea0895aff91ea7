package io.parley.model.kernel;

import static io.parley.model.kernel.Lanes.COUNT;
import static io.parley.model.kernel.Lanes.FLOATS;
import static io.parley.model.kernel.Lanes.INTS;
import static io.parley.model.kernel.Lanes.PANEL;

import io.parley.model.tensor.Tensor;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Weights as F16: two rows to an int, see {@link HalfPairs}.
 *
 * <p>A half becomes a float by moving its exponent and fraction into place and multiplying by
 * 2^112, the distance of the two biases. That is exact, for subnormal halves too; halves that are
 * not finite are refused when the matrix is made.
 */
final class F16Panels extends PanelMatrix {
  /** Sign, and the places of exponent and fraction after a shift of the upper half by 3. */
  static final int KEPT = 0x8fff_e000;

  static final float BIAS = 0x1p112f;

  private final int[] pairs;

  F16Panels(Tensor tensor, Multiplication multiplication) {
    MatrixShape shape = MatrixShape.of(tensor);
    super(tensor.type(), shape, multiplication);
    pairs = HalfPairs.pack(tensor, shape);
  }

  @Override
  void multiplyFourPanels(int panel, int from, int to, float[] x, int xAt, float[] scratch) {
    IntVector half = IntVector.broadcast(INTS, addend);
    IntVector kept = IntVector.broadcast(INTS, mask);
    int length = columns * COUNT;
    int w0 = panel * length;
    int w1 = w0 + length;
    int w2 = w1 + length;
    int w3 = w2 + length;
    FloatVector a0 = FloatVector.zero(FLOATS);
    FloatVector b0 = FloatVector.zero(FLOATS);
    FloatVector a1 = FloatVector.zero(FLOATS);
    FloatVector b1 = FloatVector.zero(FLOATS);
    FloatVector a2 = FloatVector.zero(FLOATS);
    FloatVector b2 = FloatVector.zero(FLOATS);
    FloatVector a3 = FloatVector.zero(FLOATS);
    FloatVector b3 = FloatVector.zero(FLOATS);
    for (int c = from; c < to; c++) {
      FloatVector v = FloatVector.broadcast(FLOATS, x[xAt + c]);
      IntVector p0 = IntVector.fromArray(INTS, pairs, w0 + c * COUNT);
      a0 =
          p0.lanewise(VectorOperators.LSHL, 16)
              .lanewise(VectorOperators.ASHR, 3)
              .and(KEPT)
              .reinterpretAsFloats()
              .mul(BIAS)
              .reinterpretAsInts()
              .add(half)
              .and(kept)
              .reinterpretAsFloats()
              .fma(v, a0);
      b0 =
          p0.lanewise(VectorOperators.ASHR, 3)
              .and(KEPT)
              .reinterpretAsFloats()
              .mul(BIAS)
              .reinterpretAsInts()
              .add(half)
              .and(kept)
              .reinterpretAsFloats()
              .fma(v, b0);
      IntVector p1 = IntVector.fromArray(INTS, pairs, w1 + c * COUNT);
      a1 =
          p1.lanewise(VectorOperators.LSHL, 16)
              .lanewise(VectorOperators.ASHR, 3)
              .and(KEPT)
              .reinterpretAsFloats()
              .mul(BIAS)
              .reinterpretAsInts()
              .add(half)
              .and(kept)
              .reinterpretAsFloats()
              .fma(v, a1);
      b1 =
          p1.lanewise(VectorOperators.ASHR, 3)
              .and(KEPT)
              .reinterpretAsFloats()
              .mul(BIAS)
              .reinterpretAsInts()
              .add(half)
              .and(kept)
              .reinterpretAsFloats()
              .fma(v, b1);
      IntVector p2 = IntVector.fromArray(INTS, pairs, w2 + c * COUNT);
      a2 =
          p2.lanewise(VectorOperators.LSHL, 16)
              .lanewise(VectorOperators.ASHR, 3)
              .and(KEPT)
              .reinterpretAsFloats()
              .mul(BIAS)
              .reinterpretAsInts()
              .add(half)
              .and(kept)
              .reinterpretAsFloats()
              .fma(v, a2);
      b2 =
          p2.lanewise(VectorOperators.ASHR, 3)
              .and(KEPT)
              .reinterpretAsFloats()
              .mul(BIAS)
              .reinterpretAsInts()
              .add(half)
              .and(kept)
              .reinterpretAsFloats()
              .fma(v, b2);
      IntVector p3 = IntVector.fromArray(INTS, pairs, w3 + c * COUNT);
      a3 =
          p3.lanewise(VectorOperators.LSHL, 16)
              .lanewise(VectorOperators.ASHR, 3)
              .and(KEPT)
              .reinterpretAsFloats()
              .mul(BIAS)
              .reinterpretAsInts()
              .add(half)
              .and(kept)
              .reinterpretAsFloats()
              .fma(v, a3);
      b3 =
          p3.lanewise(VectorOperators.ASHR, 3)
              .and(KEPT)
              .reinterpretAsFloats()
              .mul(BIAS)
              .reinterpretAsInts()
              .add(half)
              .and(kept)
              .reinterpretAsFloats()
              .fma(v, b3);
    }
    a0.add(FloatVector.fromArray(FLOATS, scratch, FOUR_SUMS)).intoArray(scratch, FOUR_SUMS);
    b0.add(FloatVector.fromArray(FLOATS, scratch, FOUR_SUMS + COUNT))
        .intoArray(scratch, FOUR_SUMS + COUNT);
    a1.add(FloatVector.fromArray(FLOATS, scratch, FOUR_SUMS + 2 * COUNT))
        .intoArray(scratch, FOUR_SUMS + 2 * COUNT);
    b1.add(FloatVector.fromArray(FLOATS, scratch, FOUR_SUMS + 3 * COUNT))
        .intoArray(scratch, FOUR_SUMS + 3 * COUNT);
    a2.add(FloatVector.fromArray(FLOATS, scratch, FOUR_SUMS + 4 * COUNT))
        .intoArray(scratch, FOUR_SUMS + 4 * COUNT);
    b2.add(FloatVector.fromArray(FLOATS, scratch, FOUR_SUMS + 5 * COUNT))
        .intoArray(scratch, FOUR_SUMS + 5 * COUNT);
    a3.add(FloatVector.fromArray(FLOATS, scratch, FOUR_SUMS + 6 * COUNT))
        .intoArray(scratch, FOUR_SUMS + 6 * COUNT);
    b3.add(FloatVector.fromArray(FLOATS, scratch, FOUR_SUMS + 7 * COUNT))
        .intoArray(scratch, FOUR_SUMS + 7 * COUNT);
  }

  @Override
  void decode(int panel, int from, int to, float[] tile) {
    IntVector half = IntVector.broadcast(INTS, addend);
    IntVector kept = IntVector.broadcast(INTS, mask);
    int start = (panel * columns + from) * COUNT;
    for (int c = 0; c < to - from; c++) {
      IntVector p = IntVector.fromArray(INTS, pairs, start + c * COUNT);
      p.lanewise(VectorOperators.LSHL, 16)
          .lanewise(VectorOperators.ASHR, 3)
          .and(KEPT)
          .reinterpretAsFloats()
          .mul(BIAS)
          .reinterpretAsInts()
          .add(half)
          .and(kept)
          .reinterpretAsFloats()
          .intoArray(tile, c * PANEL);
      p.lanewise(VectorOperators.ASHR, 3)
          .and(KEPT)
          .reinterpretAsFloats()
          .mul(BIAS)
          .reinterpretAsInts()
          .add(half)
          .and(kept)
          .reinterpretAsFloats()
          .intoArray(tile, c * PANEL + COUNT);
    }
  }

  @Override
  public void readRow(int row, float[] out, int at) {
    for (int c = 0; c < columns; c++) {
      out[at + c] = Float.float16ToFloat(HalfPairs.get(pairs, columns, row, c));
    }
  }
}
