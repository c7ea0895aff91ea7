package io.parley.model.kernel;

import static io.parley.model.kernel.Lanes.COUNT;
import static io.parley.model.kernel.Lanes.FLOATS;
import static io.parley.model.kernel.Lanes.PANEL;
import static io.parley.model.kernel.PackedRows.BLOCK;

import jdk.incubator.vector.FloatVector;

/**
 * The innermost loop of a matrix product: one decoded tile times up to eight rows of packed
 * activations, with all sums in registers.
 *
 * <p>Long by necessity: vectors stay in registers only as local variables. Where there are fewer
 * rows than a loop takes, the last is computed again in the free places, to the same result.
 */
final class Microkernel {
  private Microkernel() {}

  /**
   * Adds {@code tile × x} to {@code out}.
   *
   * @param tile {@code columns} times {@link Lanes#PANEL} weights
   * @param x packed rows, from {@code xAt} on {@link PackedRows#BLOCK} to a column
   * @param rows of activations, 1 to {@link PackedRows#BLOCK}
   */
  static void run(
      float[] tile,
      int columns,
      float[] x,
      int xAt,
      int rows,
      float[] out,
      int outAt,
      int outStride) {
    if (rows <= 4) {
      rows4(tile, columns, x, xAt, rows, out, outAt, outStride);
    } else {
      rows8(tile, columns, x, xAt, rows, out, outAt, outStride);
    }
  }

  private static void rows4(
      float[] tile,
      int columns,
      float[] x,
      int xAt,
      int rows,
      float[] out,
      int outAt,
      int outStride) {
    int o0 = outAt;
    int o1 = outAt + Math.min(1, rows - 1) * outStride;
    int o2 = outAt + Math.min(2, rows - 1) * outStride;
    int o3 = outAt + Math.min(3, rows - 1) * outStride;
    FloatVector a0 = FloatVector.zero(FLOATS);
    FloatVector b0 = FloatVector.zero(FLOATS);
    FloatVector a1 = FloatVector.zero(FLOATS);
    FloatVector b1 = FloatVector.zero(FLOATS);
    FloatVector a2 = FloatVector.zero(FLOATS);
    FloatVector b2 = FloatVector.zero(FLOATS);
    FloatVector a3 = FloatVector.zero(FLOATS);
    FloatVector b3 = FloatVector.zero(FLOATS);
    for (int c = 0; c < columns; c++) {
      FloatVector low = FloatVector.fromArray(FLOATS, tile, c * PANEL);
      FloatVector high = FloatVector.fromArray(FLOATS, tile, c * PANEL + COUNT);
      FloatVector v0 = FloatVector.broadcast(FLOATS, x[xAt + c * BLOCK]);
      a0 = low.fma(v0, a0);
      b0 = high.fma(v0, b0);
      FloatVector v1 = FloatVector.broadcast(FLOATS, x[xAt + c * BLOCK + 1]);
      a1 = low.fma(v1, a1);
      b1 = high.fma(v1, b1);
      FloatVector v2 = FloatVector.broadcast(FLOATS, x[xAt + c * BLOCK + 2]);
      a2 = low.fma(v2, a2);
      b2 = high.fma(v2, b2);
      FloatVector v3 = FloatVector.broadcast(FLOATS, x[xAt + c * BLOCK + 3]);
      a3 = low.fma(v3, a3);
      b3 = high.fma(v3, b3);
    }
    a0 = a0.add(FloatVector.fromArray(FLOATS, out, o0));
    b0 = b0.add(FloatVector.fromArray(FLOATS, out, o0 + COUNT));
    a1 = a1.add(FloatVector.fromArray(FLOATS, out, o1));
    b1 = b1.add(FloatVector.fromArray(FLOATS, out, o1 + COUNT));
    a2 = a2.add(FloatVector.fromArray(FLOATS, out, o2));
    b2 = b2.add(FloatVector.fromArray(FLOATS, out, o2 + COUNT));
    a3 = a3.add(FloatVector.fromArray(FLOATS, out, o3));
    b3 = b3.add(FloatVector.fromArray(FLOATS, out, o3 + COUNT));
    a0.intoArray(out, o0);
    b0.intoArray(out, o0 + COUNT);
    a1.intoArray(out, o1);
    b1.intoArray(out, o1 + COUNT);
    a2.intoArray(out, o2);
    b2.intoArray(out, o2 + COUNT);
    a3.intoArray(out, o3);
    b3.intoArray(out, o3 + COUNT);
  }

  private static void rows8(
      float[] tile,
      int columns,
      float[] x,
      int xAt,
      int rows,
      float[] out,
      int outAt,
      int outStride) {
    int o0 = outAt;
    int o1 = outAt + Math.min(1, rows - 1) * outStride;
    int o2 = outAt + Math.min(2, rows - 1) * outStride;
    int o3 = outAt + Math.min(3, rows - 1) * outStride;
    int o4 = outAt + Math.min(4, rows - 1) * outStride;
    int o5 = outAt + Math.min(5, rows - 1) * outStride;
    int o6 = outAt + Math.min(6, rows - 1) * outStride;
    int o7 = outAt + Math.min(7, rows - 1) * outStride;
    FloatVector a0 = FloatVector.zero(FLOATS);
    FloatVector b0 = FloatVector.zero(FLOATS);
    FloatVector a1 = FloatVector.zero(FLOATS);
    FloatVector b1 = FloatVector.zero(FLOATS);
    FloatVector a2 = FloatVector.zero(FLOATS);
    FloatVector b2 = FloatVector.zero(FLOATS);
    FloatVector a3 = FloatVector.zero(FLOATS);
    FloatVector b3 = FloatVector.zero(FLOATS);
    FloatVector a4 = FloatVector.zero(FLOATS);
    FloatVector b4 = FloatVector.zero(FLOATS);
    FloatVector a5 = FloatVector.zero(FLOATS);
    FloatVector b5 = FloatVector.zero(FLOATS);
    FloatVector a6 = FloatVector.zero(FLOATS);
    FloatVector b6 = FloatVector.zero(FLOATS);
    FloatVector a7 = FloatVector.zero(FLOATS);
    FloatVector b7 = FloatVector.zero(FLOATS);
    for (int c = 0; c < columns; c++) {
      FloatVector low = FloatVector.fromArray(FLOATS, tile, c * PANEL);
      FloatVector high = FloatVector.fromArray(FLOATS, tile, c * PANEL + COUNT);
      FloatVector v0 = FloatVector.broadcast(FLOATS, x[xAt + c * BLOCK]);
      a0 = low.fma(v0, a0);
      b0 = high.fma(v0, b0);
      FloatVector v1 = FloatVector.broadcast(FLOATS, x[xAt + c * BLOCK + 1]);
      a1 = low.fma(v1, a1);
      b1 = high.fma(v1, b1);
      FloatVector v2 = FloatVector.broadcast(FLOATS, x[xAt + c * BLOCK + 2]);
      a2 = low.fma(v2, a2);
      b2 = high.fma(v2, b2);
      FloatVector v3 = FloatVector.broadcast(FLOATS, x[xAt + c * BLOCK + 3]);
      a3 = low.fma(v3, a3);
      b3 = high.fma(v3, b3);
      FloatVector v4 = FloatVector.broadcast(FLOATS, x[xAt + c * BLOCK + 4]);
      a4 = low.fma(v4, a4);
      b4 = high.fma(v4, b4);
      FloatVector v5 = FloatVector.broadcast(FLOATS, x[xAt + c * BLOCK + 5]);
      a5 = low.fma(v5, a5);
      b5 = high.fma(v5, b5);
      FloatVector v6 = FloatVector.broadcast(FLOATS, x[xAt + c * BLOCK + 6]);
      a6 = low.fma(v6, a6);
      b6 = high.fma(v6, b6);
      FloatVector v7 = FloatVector.broadcast(FLOATS, x[xAt + c * BLOCK + 7]);
      a7 = low.fma(v7, a7);
      b7 = high.fma(v7, b7);
    }
    a0 = a0.add(FloatVector.fromArray(FLOATS, out, o0));
    b0 = b0.add(FloatVector.fromArray(FLOATS, out, o0 + COUNT));
    a1 = a1.add(FloatVector.fromArray(FLOATS, out, o1));
    b1 = b1.add(FloatVector.fromArray(FLOATS, out, o1 + COUNT));
    a2 = a2.add(FloatVector.fromArray(FLOATS, out, o2));
    b2 = b2.add(FloatVector.fromArray(FLOATS, out, o2 + COUNT));
    a3 = a3.add(FloatVector.fromArray(FLOATS, out, o3));
    b3 = b3.add(FloatVector.fromArray(FLOATS, out, o3 + COUNT));
    a4 = a4.add(FloatVector.fromArray(FLOATS, out, o4));
    b4 = b4.add(FloatVector.fromArray(FLOATS, out, o4 + COUNT));
    a5 = a5.add(FloatVector.fromArray(FLOATS, out, o5));
    b5 = b5.add(FloatVector.fromArray(FLOATS, out, o5 + COUNT));
    a6 = a6.add(FloatVector.fromArray(FLOATS, out, o6));
    b6 = b6.add(FloatVector.fromArray(FLOATS, out, o6 + COUNT));
    a7 = a7.add(FloatVector.fromArray(FLOATS, out, o7));
    b7 = b7.add(FloatVector.fromArray(FLOATS, out, o7 + COUNT));
    a0.intoArray(out, o0);
    b0.intoArray(out, o0 + COUNT);
    a1.intoArray(out, o1);
    b1.intoArray(out, o1 + COUNT);
    a2.intoArray(out, o2);
    b2.intoArray(out, o2 + COUNT);
    a3.intoArray(out, o3);
    b3.intoArray(out, o3 + COUNT);
    a4.intoArray(out, o4);
    b4.intoArray(out, o4 + COUNT);
    a5.intoArray(out, o5);
    b5.intoArray(out, o5 + COUNT);
    a6.intoArray(out, o6);
    b6.intoArray(out, o6 + COUNT);
    a7.intoArray(out, o7);
    b7.intoArray(out, o7 + COUNT);
  }
}
