package io.parley.model.kernel;

import static io.parley.model.kernel.Lanes.COUNT;
import static io.parley.model.kernel.Lanes.FLOATS;
import static io.parley.model.kernel.Lanes.INTS;
import static io.parley.model.kernel.Lanes.PANEL;

import io.parley.model.tensor.Tensor;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/** Weights as floats: {@code [panel][place of the column][row in panel]}. */
final class F32Panels extends PanelMatrix {
  private final float[] weights;

  F32Panels(Tensor tensor, Multiplication multiplication) {
    MatrixShape shape = MatrixShape.of(tensor);
    super(tensor.type(), shape, multiplication);
    weights = new float[shape.length(PANEL)];
    shape.forEachRow(tensor, this::put);
  }

  private void put(int row, float[] values) {
    for (int c = 0; c < columns; c++) {
      weights[index(row, c)] = values[c];
    }
  }

  private int index(int row, int column) {
    return (row / PANEL * columns + SumOrder.place(column, columns)) * PANEL + row % PANEL;
  }

  @Override
  void multiplyFourPanels(int panel, int from, int to, float[] x, int xAt, float[] scratch) {
    IntVector half = IntVector.broadcast(INTS, addend);
    IntVector kept = IntVector.broadcast(INTS, mask);
    int w0 = panel * columns * PANEL;
    int w1 = (panel + 1) * columns * PANEL;
    int w2 = (panel + 2) * columns * PANEL;
    int w3 = (panel + 3) * columns * PANEL;
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
      a0 =
          FloatVector.fromArray(FLOATS, weights, w0 + c * PANEL)
              .reinterpretAsInts()
              .add(half)
              .and(kept)
              .reinterpretAsFloats()
              .fma(v, a0);
      b0 =
          FloatVector.fromArray(FLOATS, weights, w0 + COUNT + c * PANEL)
              .reinterpretAsInts()
              .add(half)
              .and(kept)
              .reinterpretAsFloats()
              .fma(v, b0);
      a1 =
          FloatVector.fromArray(FLOATS, weights, w1 + c * PANEL)
              .reinterpretAsInts()
              .add(half)
              .and(kept)
              .reinterpretAsFloats()
              .fma(v, a1);
      b1 =
          FloatVector.fromArray(FLOATS, weights, w1 + COUNT + c * PANEL)
              .reinterpretAsInts()
              .add(half)
              .and(kept)
              .reinterpretAsFloats()
              .fma(v, b1);
      a2 =
          FloatVector.fromArray(FLOATS, weights, w2 + c * PANEL)
              .reinterpretAsInts()
              .add(half)
              .and(kept)
              .reinterpretAsFloats()
              .fma(v, a2);
      b2 =
          FloatVector.fromArray(FLOATS, weights, w2 + COUNT + c * PANEL)
              .reinterpretAsInts()
              .add(half)
              .and(kept)
              .reinterpretAsFloats()
              .fma(v, b2);
      a3 =
          FloatVector.fromArray(FLOATS, weights, w3 + c * PANEL)
              .reinterpretAsInts()
              .add(half)
              .and(kept)
              .reinterpretAsFloats()
              .fma(v, a3);
      b3 =
          FloatVector.fromArray(FLOATS, weights, w3 + COUNT + c * PANEL)
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
    int start = (panel * columns + from) * PANEL;
    for (int i = 0; i < (to - from) * PANEL; i += COUNT) {
      FloatVector.fromArray(FLOATS, weights, start + i)
          .reinterpretAsInts()
          .add(half)
          .and(kept)
          .reinterpretAsFloats()
          .intoArray(tile, i);
    }
  }

  @Override
  public void readRow(int row, float[] out, int at) {
    for (int c = 0; c < columns; c++) {
      out[at + c] = weights[index(row, c)];
    }
  }
}
