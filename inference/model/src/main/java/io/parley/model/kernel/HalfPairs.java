package io.parley.model.kernel;

import static io.parley.model.kernel.Lanes.COUNT;
import static io.parley.model.kernel.Lanes.PANEL;

import io.parley.model.tensor.Tensor;
import io.parley.model.tensor.TensorType;

/**
 * The layout of 16-bit weights, {@code [panel][place of the column][lane]}: the low half of an int
 * belongs to the row of its lane, the high half to the row {@link Lanes#COUNT} further on, so that
 * one vector load brings a column of a panel.
 */
final class HalfPairs {
  private HalfPairs() {}

  /** Packs a tensor of F16 or BF16; decoding its numbers loses nothing, so they come back whole. */
  static int[] pack(Tensor tensor, MatrixShape shape) {
    boolean upper = tensor.type() == TensorType.BF16;
    int[] pairs = new int[shape.length(PANEL) / 2];
    shape.forEachRow(
        tensor,
        (row, values) -> {
          for (int c = 0; c < values.length; c++) {
            int bits =
                upper
                    ? Float.floatToRawIntBits(values[c]) >>> Short.SIZE
                    : Float.floatToFloat16(values[c]) & 0xffff;
            pairs[index(values.length, row, c)] |= bits << shift(row);
          }
        });
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
