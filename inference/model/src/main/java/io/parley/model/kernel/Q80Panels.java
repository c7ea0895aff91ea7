package io.parley.model.kernel;

import static io.parley.model.kernel.Lanes.BYTES;
import static io.parley.model.kernel.Lanes.COUNT;
import static io.parley.model.kernel.Lanes.FLOATS;
import static io.parley.model.kernel.Lanes.PANEL;

import io.parley.model.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;

/**
 * Weights as Q8_0: bytes {@code [panel][column][row in panel]} and, for every 32 columns, their
 * scales {@code [panel][block][row in panel]}. A weight is scale × byte, which an F32 holds
 * exactly.
 */
final class Q80Panels extends PanelMatrix {
  static final int BLOCK = 32;
  private static final int BLOCK_BYTES = 2 + BLOCK;
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final byte[] bytes;
  private final float[] scales;

  Q80Panels(Tensor tensor) {
    MatrixShape shape = MatrixShape.of(tensor);
    super(shape);
    bytes = new byte[shape.length(PANEL)];
    scales = new float[bytes.length / BLOCK];
    byte[] row = new byte[columns / BLOCK * BLOCK_BYTES];
    for (int r = 0; r < rows; r++) {
      MemorySegment.copy(
          tensor.data(), ValueLayout.JAVA_BYTE, (long) r * row.length, row, 0, row.length);
      pack(r, row, tensor.name());
    }
  }

  private void pack(int r, byte[] row, String name) {
    MemorySegment segment = MemorySegment.ofArray(row);
    int lane = r % PANEL;
    int panelAt = r / PANEL * columns * PANEL + lane;
    for (int block = 0; block < columns / BLOCK; block++) {
      int from = block * BLOCK_BYTES;
      float scale = Float.float16ToFloat(segment.get(SHORT, from));
      if (!Float.isFinite(scale)) {
        throw new IllegalArgumentException(
            "tensor %s is not finite at row %d, column %d".formatted(name, r, block * BLOCK));
      }
      scales[scaleIndex(r, block)] = scale;
      for (int i = 0; i < BLOCK; i++) {
        bytes[panelAt + (block * BLOCK + i) * PANEL] = row[from + 2 + i];
      }
    }
  }

  private int scaleIndex(int row, int block) {
    return (row / PANEL * (columns / BLOCK) + block) * PANEL + row % PANEL;
  }

  @Override
  void multiplyFourPanels(int panel, float[] x, int xAt, float[] out, int outAt) {
    int length = columns * PANEL;
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
    for (int from = 0; from < columns; from += BLOCK) {
      int at = from * PANEL;
      int s0 = scaleIndex(panel * PANEL, from / BLOCK);
      FloatVector as0 = FloatVector.fromArray(FLOATS, scales, s0);
      FloatVector bs0 = FloatVector.fromArray(FLOATS, scales, s0 + COUNT);
      int s1 = scaleIndex((panel + 1) * PANEL, from / BLOCK);
      FloatVector as1 = FloatVector.fromArray(FLOATS, scales, s1);
      FloatVector bs1 = FloatVector.fromArray(FLOATS, scales, s1 + COUNT);
      int s2 = scaleIndex((panel + 2) * PANEL, from / BLOCK);
      FloatVector as2 = FloatVector.fromArray(FLOATS, scales, s2);
      FloatVector bs2 = FloatVector.fromArray(FLOATS, scales, s2 + COUNT);
      int s3 = scaleIndex((panel + 3) * PANEL, from / BLOCK);
      FloatVector as3 = FloatVector.fromArray(FLOATS, scales, s3);
      FloatVector bs3 = FloatVector.fromArray(FLOATS, scales, s3 + COUNT);
      for (int c = 0; c < BLOCK; c++) {
        FloatVector v = FloatVector.broadcast(FLOATS, x[xAt + from + c]);
        FloatVector aw0 =
            (FloatVector)
                ByteVector.fromArray(BYTES, bytes, w0 + at + c * PANEL).castShape(FLOATS, 0);
        a0 = aw0.mul(as0).fma(v, a0);
        FloatVector bw0 =
            (FloatVector)
                ByteVector.fromArray(BYTES, bytes, w0 + at + COUNT + c * PANEL)
                    .castShape(FLOATS, 0);
        b0 = bw0.mul(bs0).fma(v, b0);
        FloatVector aw1 =
            (FloatVector)
                ByteVector.fromArray(BYTES, bytes, w1 + at + c * PANEL).castShape(FLOATS, 0);
        a1 = aw1.mul(as1).fma(v, a1);
        FloatVector bw1 =
            (FloatVector)
                ByteVector.fromArray(BYTES, bytes, w1 + at + COUNT + c * PANEL)
                    .castShape(FLOATS, 0);
        b1 = bw1.mul(bs1).fma(v, b1);
        FloatVector aw2 =
            (FloatVector)
                ByteVector.fromArray(BYTES, bytes, w2 + at + c * PANEL).castShape(FLOATS, 0);
        a2 = aw2.mul(as2).fma(v, a2);
        FloatVector bw2 =
            (FloatVector)
                ByteVector.fromArray(BYTES, bytes, w2 + at + COUNT + c * PANEL)
                    .castShape(FLOATS, 0);
        b2 = bw2.mul(bs2).fma(v, b2);
        FloatVector aw3 =
            (FloatVector)
                ByteVector.fromArray(BYTES, bytes, w3 + at + c * PANEL).castShape(FLOATS, 0);
        a3 = aw3.mul(as3).fma(v, a3);
        FloatVector bw3 =
            (FloatVector)
                ByteVector.fromArray(BYTES, bytes, w3 + at + COUNT + c * PANEL)
                    .castShape(FLOATS, 0);
        b3 = bw3.mul(bs3).fma(v, b3);
      }
    }
    int to = outAt + panel * PANEL;
    a0.intoArray(out, to);
    b0.intoArray(out, to + COUNT);
    a1.intoArray(out, to + 2 * COUNT);
    b1.intoArray(out, to + 3 * COUNT);
    a2.intoArray(out, to + 4 * COUNT);
    b2.intoArray(out, to + 5 * COUNT);
    a3.intoArray(out, to + 6 * COUNT);
    b3.intoArray(out, to + 7 * COUNT);
  }

  @Override
  void multiplyPanel(int panel, float[] x, int count, float[] out, float[] workspace) {
    boolean complete = (panel + 1) * PANEL <= rows;
    if (!complete || count > Microkernel.MOST_ROWS) {
      super.multiplyPanel(panel, x, count, out, workspace);
      return;
    }
    int bytesAt = panel * columns * PANEL;
    int scalesAt = scaleIndex(panel * PANEL, 0);
    int outAt = panel * PANEL;
    if (count <= 4) {
      Q80Microkernel.rows4(bytes, bytesAt, scales, scalesAt, columns, x, count, out, outAt, rows);
    } else {
      Q80Microkernel.rows8(bytes, bytesAt, scales, scalesAt, columns, x, count, out, outAt, rows);
    }
  }

  @Override
  void decode(int panel, int from, int to, float[] tile) {
    int start = (panel * columns + from) * PANEL;
    for (int block = 0; block < (to - from) / BLOCK; block++) {
      int s = scaleIndex(panel * PANEL, from / BLOCK + block);
      FloatVector low = FloatVector.fromArray(FLOATS, scales, s);
      FloatVector high = FloatVector.fromArray(FLOATS, scales, s + COUNT);
      int blockAt = block * BLOCK * PANEL;
      for (int i = 0; i < BLOCK * PANEL; i += PANEL) {
        int at = start + blockAt + i;
        ((FloatVector) ByteVector.fromArray(BYTES, bytes, at).castShape(FLOATS, 0))
            .mul(low)
            .intoArray(tile, blockAt + i);
        ((FloatVector) ByteVector.fromArray(BYTES, bytes, at + COUNT).castShape(FLOATS, 0))
            .mul(high)
            .intoArray(tile, blockAt + i + COUNT);
      }
    }
  }

  @Override
  public void readRow(int row, float[] out, int at) {
    int panelAt = row / PANEL * columns * PANEL + row % PANEL;
    for (int c = 0; c < columns; c++) {
      out[at + c] = scales[scaleIndex(row, c / BLOCK)] * bytes[panelAt + c * PANEL];
    }
  }
}
