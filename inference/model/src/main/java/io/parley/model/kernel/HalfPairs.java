package io.parley.model.kernel;

import static io.parley.model.kernel.Lanes.COUNT;
import static io.parley.model.kernel.Lanes.PANEL;

import io.parley.model.tensor.Tensor;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * The layout of 16-bit weights, {@code [panel][place of the column][lane]}: the low half of an int
 * belongs to the row of its lane, the high half to the row {@link Lanes#COUNT} further on, so that
 * one vector load brings a column of a panel.
 */
final class HalfPairs {
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private HalfPairs() {}

  static int[] pack(Tensor tensor, MatrixShape shape) {
    int columns = shape.columns();
    int[] pairs = new int[shape.length(PANEL) / 2];
    float[] checked = new float[columns];
    for (int r = 0; r < shape.rows(); r++) {
      shape.readFinite(tensor, r, checked);
      for (int c = 0; c < columns; c++) {
        int bits = tensor.data().get(SHORT, 2L * ((long) r * columns + c)) & 0xffff;
        pairs[index(columns, r, c)] |= bits << shift(r);
      }
    }
    return pairs;
  }

  static short get(int[] pairs, int columns, int row, int column) {
    return (short) (pairs[index(columns, row, column)] >>> shift(row));
  }

  private static int index(int columns, int row, int column) {
    return (row / PANEL * columns + SumOrder.place(column, columns)) * COUNT + row % COUNT;
  }

  private static int shift(int row) {
    return row % PANEL < COUNT ? 0 : 16;
  }
}
