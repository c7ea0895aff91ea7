package io.parley.model.kernel;

import static io.parley.model.kernel.Lanes.BYTES;
import static io.parley.model.kernel.Lanes.COUNT;
import static io.parley.model.kernel.Lanes.FLOATS;
import static io.parley.model.kernel.Lanes.PANEL;
import static io.parley.model.kernel.Q80Panels.BLOCK;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;

/**
 * One complete panel of Q8_0 weights times up to eight rows of activations, decoding in registers:
 * the multiply-adds of one column run while the weights of the next are on their way.
 *
 * <p>Long for the reason that {@link Microkernel} is, and with the same rule for fewer rows.
 */
final class Q80Microkernel {
  private Q80Microkernel() {}

  static void rows4(
      byte[] bytes,
      int bytesAt,
      float[] scales,
      int scalesAt,
      int columns,
      float[] x,
      int rows,
      float[] out,
      int outAt,
      int outStride) {
    int r1 = Math.min(1, rows - 1);
    int x1 = r1 * columns;
    int r2 = Math.min(2, rows - 1);
    int x2 = r2 * columns;
    int r3 = Math.min(3, rows - 1);
    int x3 = r3 * columns;
    FloatVector a0 = FloatVector.zero(FLOATS);
    FloatVector b0 = FloatVector.zero(FLOATS);
    FloatVector a1 = FloatVector.zero(FLOATS);
    FloatVector b1 = FloatVector.zero(FLOATS);
    FloatVector a2 = FloatVector.zero(FLOATS);
    FloatVector b2 = FloatVector.zero(FLOATS);
    FloatVector a3 = FloatVector.zero(FLOATS);
    FloatVector b3 = FloatVector.zero(FLOATS);
    for (int from = 0; from < columns; from += BLOCK) {
      int s = scalesAt + from / BLOCK * PANEL;
      FloatVector lowScale = FloatVector.fromArray(FLOATS, scales, s);
      FloatVector highScale = FloatVector.fromArray(FLOATS, scales, s + COUNT);
      int w = bytesAt + from * PANEL;
      for (int c = 0; c < BLOCK; c++) {
        FloatVector low =
            ((FloatVector) ByteVector.fromArray(BYTES, bytes, w + c * PANEL).castShape(FLOATS, 0))
                .mul(lowScale);
        FloatVector high =
            ((FloatVector)
                    ByteVector.fromArray(BYTES, bytes, w + COUNT + c * PANEL).castShape(FLOATS, 0))
                .mul(highScale);
        FloatVector v0 = FloatVector.broadcast(FLOATS, x[from + c]);
        a0 = low.fma(v0, a0);
        b0 = high.fma(v0, b0);
        FloatVector v1 = FloatVector.broadcast(FLOATS, x[x1 + from + c]);
        a1 = low.fma(v1, a1);
        b1 = high.fma(v1, b1);
        FloatVector v2 = FloatVector.broadcast(FLOATS, x[x2 + from + c]);
        a2 = low.fma(v2, a2);
        b2 = high.fma(v2, b2);
        FloatVector v3 = FloatVector.broadcast(FLOATS, x[x3 + from + c]);
        a3 = low.fma(v3, a3);
        b3 = high.fma(v3, b3);
      }
    }
    a0.intoArray(out, outAt);
    b0.intoArray(out, outAt + COUNT);
    a1.intoArray(out, outAt + r1 * outStride);
    b1.intoArray(out, outAt + COUNT + r1 * outStride);
    a2.intoArray(out, outAt + r2 * outStride);
    b2.intoArray(out, outAt + COUNT + r2 * outStride);
    a3.intoArray(out, outAt + r3 * outStride);
    b3.intoArray(out, outAt + COUNT + r3 * outStride);
  }

  static void rows8(
      byte[] bytes,
      int bytesAt,
      float[] scales,
      int scalesAt,
      int columns,
      float[] x,
      int rows,
      float[] out,
      int outAt,
      int outStride) {
    int r1 = Math.min(1, rows - 1);
    int x1 = r1 * columns;
    int r2 = Math.min(2, rows - 1);
    int x2 = r2 * columns;
    int r3 = Math.min(3, rows - 1);
    int x3 = r3 * columns;
    int r4 = Math.min(4, rows - 1);
    int x4 = r4 * columns;
    int r5 = Math.min(5, rows - 1);
    int x5 = r5 * columns;
    int r6 = Math.min(6, rows - 1);
    int x6 = r6 * columns;
    int r7 = Math.min(7, rows - 1);
    int x7 = r7 * columns;
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
    for (int from = 0; from < columns; from += BLOCK) {
      int s = scalesAt + from / BLOCK * PANEL;
      FloatVector lowScale = FloatVector.fromArray(FLOATS, scales, s);
      FloatVector highScale = FloatVector.fromArray(FLOATS, scales, s + COUNT);
      int w = bytesAt + from * PANEL;
      for (int c = 0; c < BLOCK; c++) {
        FloatVector low =
            ((FloatVector) ByteVector.fromArray(BYTES, bytes, w + c * PANEL).castShape(FLOATS, 0))
                .mul(lowScale);
        FloatVector high =
            ((FloatVector)
                    ByteVector.fromArray(BYTES, bytes, w + COUNT + c * PANEL).castShape(FLOATS, 0))
                .mul(highScale);
        FloatVector v0 = FloatVector.broadcast(FLOATS, x[from + c]);
        a0 = low.fma(v0, a0);
        b0 = high.fma(v0, b0);
        FloatVector v1 = FloatVector.broadcast(FLOATS, x[x1 + from + c]);
        a1 = low.fma(v1, a1);
        b1 = high.fma(v1, b1);
        FloatVector v2 = FloatVector.broadcast(FLOATS, x[x2 + from + c]);
        a2 = low.fma(v2, a2);
        b2 = high.fma(v2, b2);
        FloatVector v3 = FloatVector.broadcast(FLOATS, x[x3 + from + c]);
        a3 = low.fma(v3, a3);
        b3 = high.fma(v3, b3);
        FloatVector v4 = FloatVector.broadcast(FLOATS, x[x4 + from + c]);
        a4 = low.fma(v4, a4);
        b4 = high.fma(v4, b4);
        FloatVector v5 = FloatVector.broadcast(FLOATS, x[x5 + from + c]);
        a5 = low.fma(v5, a5);
        b5 = high.fma(v5, b5);
        FloatVector v6 = FloatVector.broadcast(FLOATS, x[x6 + from + c]);
        a6 = low.fma(v6, a6);
        b6 = high.fma(v6, b6);
        FloatVector v7 = FloatVector.broadcast(FLOATS, x[x7 + from + c]);
        a7 = low.fma(v7, a7);
        b7 = high.fma(v7, b7);
      }
    }
    a0.intoArray(out, outAt);
    b0.intoArray(out, outAt + COUNT);
    a1.intoArray(out, outAt + r1 * outStride);
    b1.intoArray(out, outAt + COUNT + r1 * outStride);
    a2.intoArray(out, outAt + r2 * outStride);
    b2.intoArray(out, outAt + COUNT + r2 * outStride);
    a3.intoArray(out, outAt + r3 * outStride);
    b3.intoArray(out, outAt + COUNT + r3 * outStride);
    a4.intoArray(out, outAt + r4 * outStride);
    b4.intoArray(out, outAt + COUNT + r4 * outStride);
    a5.intoArray(out, outAt + r5 * outStride);
    b5.intoArray(out, outAt + COUNT + r5 * outStride);
    a6.intoArray(out, outAt + r6 * outStride);
    b6.intoArray(out, outAt + COUNT + r6 * outStride);
    a7.intoArray(out, outAt + r7 * outStride);
    b7.intoArray(out, outAt + COUNT + r7 * outStride);
  }
}
