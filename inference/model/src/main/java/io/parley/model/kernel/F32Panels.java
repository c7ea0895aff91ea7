package io.parley.model.kernel;

import static io.parley.model.kernel.Lanes.COUNT;
import static io.parley.model.kernel.Lanes.FLOATS;
import static io.parley.model.kernel.Lanes.PANEL;

import io.parley.model.tensor.Tensor;
import jdk.incubator.vector.FloatVector;

/** Weights as floats: {@code [panel][column][row in panel]}. */
final class F32Panels extends PanelMatrix {
  private final float[] weights;

  F32Panels(Tensor tensor) {
    MatrixShape shape = MatrixShape.of(tensor);
    super(tensor.type(), shape);
    weights = new float[shape.length(PANEL)];
    float[] row = new float[columns];
    for (int r = 0; r < rows; r++) {
      shape.readFinite(tensor, r, row);
      for (int c = 0; c < columns; c++) {
        weights[index(r, c)] = row[c];
      }
    }
  }

  private int index(int row, int column) {
    return (row / PANEL * columns + column) * PANEL + row % PANEL;
  }

  @Override
  void multiplyFourPanels(int panel, float[] x, int xAt, float[] out, int outAt, float[] scratch) {
    int w0 = index(panel * PANEL, 0);
    int w1 = index((panel + 1) * PANEL, 0);
    int w2 = index((panel + 2) * PANEL, 0);
    int w3 = index((panel + 3) * PANEL, 0);
    FloatVector a0 = FloatVector.zero(FLOATS);
    FloatVector b0 = FloatVector.zero(FLOATS);
    FloatVector a1 = FloatVector.zero(FLOATS);
    FloatVector b1 = FloatVector.zero(FLOATS);
    FloatVector a2 = FloatVector.zero(FLOATS);
    FloatVector b2 = FloatVector.zero(FLOATS);
    FloatVector a3 = FloatVector.zero(FLOATS);
    FloatVector b3 = FloatVector.zero(FLOATS);
    for (int c = 0; c < columns; c++) {
      FloatVector v = FloatVector.broadcast(FLOATS, x[xAt + c]);
      a0 = FloatVector.fromArray(FLOATS, weights, w0 + c * PANEL).fma(v, a0);
      b0 = FloatVector.fromArray(FLOATS, weights, w0 + COUNT + c * PANEL).fma(v, b0);
      a1 = FloatVector.fromArray(FLOATS, weights, w1 + c * PANEL).fma(v, a1);
      b1 = FloatVector.fromArray(FLOATS, weights, w1 + COUNT + c * PANEL).fma(v, b1);
      a2 = FloatVector.fromArray(FLOATS, weights, w2 + c * PANEL).fma(v, a2);
      b2 = FloatVector.fromArray(FLOATS, weights, w2 + COUNT + c * PANEL).fma(v, b2);
      a3 = FloatVector.fromArray(FLOATS, weights, w3 + c * PANEL).fma(v, a3);
      b3 = FloatVector.fromArray(FLOATS, weights, w3 + COUNT + c * PANEL).fma(v, b3);
    }
    int at = outAt + panel * PANEL;
    a0.intoArray(out, at);
    b0.intoArray(out, at + COUNT);
    a1.intoArray(out, at + 2 * COUNT);
    b1.intoArray(out, at + 3 * COUNT);
    a2.intoArray(out, at + 4 * COUNT);
    b2.intoArray(out, at + 5 * COUNT);
    a3.intoArray(out, at + 6 * COUNT);
    b3.intoArray(out, at + 7 * COUNT);
  }

  @Override
  void decode(int panel, int from, int to, float[] tile) {
    System.arraycopy(weights, index(panel * PANEL, from), tile, 0, (to - from) * PANEL);
  }

  @Override
  public void readRow(int row, float[] out, int at) {
    for (int c = 0; c < columns; c++) {
      out[at + c] = weights[index(row, c)];
    }
  }
}
