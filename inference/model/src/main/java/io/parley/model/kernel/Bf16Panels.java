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
 * Weights as BF16, which is the upper half of an F32: two rows to an int, see {@link HalfPairs},
 * taken apart by a shift and a mask; there is nothing to round.
 */
final class Bf16Panels extends PanelMatrix {
  private final int[] pairs;

  Bf16Panels(Tensor tensor, Multiplication multiplication) {
    MatrixShape shape = MatrixShape.of(tensor);
    super(tensor.type(), shape, multiplication);
    pairs = HalfPairs.pack(tensor, shape);
  }

  @Override
  void multiplyFourPanels(int panel, int from, int to, float[] x, int xAt, float[] scratch) {
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
      a0 = p0.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats().fma(v, a0);
      b0 = p0.and(0xffff_0000).reinterpretAsFloats().fma(v, b0);
      IntVector p1 = IntVector.fromArray(INTS, pairs, w1 + c * COUNT);
      a1 = p1.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats().fma(v, a1);
      b1 = p1.and(0xffff_0000).reinterpretAsFloats().fma(v, b1);
      IntVector p2 = IntVector.fromArray(INTS, pairs, w2 + c * COUNT);
      a2 = p2.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats().fma(v, a2);
      b2 = p2.and(0xffff_0000).reinterpretAsFloats().fma(v, b2);
      IntVector p3 = IntVector.fromArray(INTS, pairs, w3 + c * COUNT);
      a3 = p3.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats().fma(v, a3);
      b3 = p3.and(0xffff_0000).reinterpretAsFloats().fma(v, b3);
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
    int start = (panel * columns + from) * COUNT;
    for (int c = 0; c < to - from; c++) {
      IntVector p = IntVector.fromArray(INTS, pairs, start + c * COUNT);
      p.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats().intoArray(tile, c * PANEL);
      p.and(0xffff_0000).reinterpretAsFloats().intoArray(tile, c * PANEL + COUNT);
    }
  }

  @Override
  public void readRow(int row, float[] out, int at) {
    for (int c = 0; c < columns; c++) {
      out[at + c] = Float.intBitsToFloat(HalfPairs.get(pairs, columns, row, c) << 16);
    }
  }
}
