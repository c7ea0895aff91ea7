package io.parley.model.kernel;

import static io.parley.model.kernel.Lanes.BYTES;
import static io.parley.model.kernel.Lanes.COUNT;
import static io.parley.model.kernel.Lanes.FLOATS;
import static io.parley.model.kernel.Lanes.INTS;
import static io.parley.model.kernel.Lanes.PANEL;
import static io.parley.model.kernel.PackedRows.BLOCK;

import io.parley.model.tensor.BlockCodes;
import io.parley.model.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Weights as signed bytes, {@code [panel][place of the column][row in panel]}: Q8_0 as it is in the
 * file, and types of five and six bits widened, which costs memory (a third more than Q6_K, half
 * more than Q5) and saves taking bits together for every multiplication.
 *
 * <p>Kernels are long for the reason that {@link Microkernel} is, and with the same rule for fewer
 * rows; {@link NibblePanels} repeats them for that reason. Tried and dropped: decoding 64 columns
 * to the first-level cache and one common loop over them, which was a fifth slower for eight rows
 * and a quarter for four.
 */
final class BytePanels extends QuantizedPanels {
  /** Up to so many rows decoding in registers is faster than decoding to a tile. */
  private static final int MOST_ROWS = 16;

  BytePanels(Tensor tensor, Multiplication multiplication, PanelMemory memory) {
    super(tensor, multiplication, memory);
    pack(tensor);
  }

  @Override
  void put(int row, int column, BlockCodes block, int length) {
    for (int i = 0; i < length; i++) {
      codes[index(row, column + i)] = block.code(i);
    }
  }

  private int index(int row, int column) {
    int place = row / PANEL * columns + SumOrder.place(column, columns);
    return codesAt + place * PANEL + row % PANEL;
  }

  @Override
  int code(int row, int column) {
    return codes[index(row, column)];
  }

  @Override
  void multiplyFourPanels(int panel, int from, int to, float[] x, int xAt, float[] scratch) {
    IntVector half = IntVector.broadcast(INTS, addend);
    IntVector kept = IntVector.broadcast(INTS, mask);
    int length = columns * PANEL;
    int w0 = codesAt + panel * length;
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
    int group = scales.groupLength();
    for (int column = from; column < to; column += group) {
      readFourScales(panel, column / group, scratch);
      FloatVector as0 = FloatVector.fromArray(FLOATS, scratch, SCALES);
      FloatVector bs0 = FloatVector.fromArray(FLOATS, scratch, SCALES + COUNT);
      FloatVector am0 = FloatVector.fromArray(FLOATS, scratch, SCALES + PANEL);
      FloatVector bm0 = FloatVector.fromArray(FLOATS, scratch, SCALES + PANEL + COUNT);
      FloatVector as1 = FloatVector.fromArray(FLOATS, scratch, SCALES + 1 * BlockScales.LENGTH);
      FloatVector bs1 =
          FloatVector.fromArray(FLOATS, scratch, SCALES + 1 * BlockScales.LENGTH + COUNT);
      FloatVector am1 =
          FloatVector.fromArray(FLOATS, scratch, SCALES + 1 * BlockScales.LENGTH + PANEL);
      FloatVector bm1 =
          FloatVector.fromArray(FLOATS, scratch, SCALES + 1 * BlockScales.LENGTH + PANEL + COUNT);
      FloatVector as2 = FloatVector.fromArray(FLOATS, scratch, SCALES + 2 * BlockScales.LENGTH);
      FloatVector bs2 =
          FloatVector.fromArray(FLOATS, scratch, SCALES + 2 * BlockScales.LENGTH + COUNT);
      FloatVector am2 =
          FloatVector.fromArray(FLOATS, scratch, SCALES + 2 * BlockScales.LENGTH + PANEL);
      FloatVector bm2 =
          FloatVector.fromArray(FLOATS, scratch, SCALES + 2 * BlockScales.LENGTH + PANEL + COUNT);
      FloatVector as3 = FloatVector.fromArray(FLOATS, scratch, SCALES + 3 * BlockScales.LENGTH);
      FloatVector bs3 =
          FloatVector.fromArray(FLOATS, scratch, SCALES + 3 * BlockScales.LENGTH + COUNT);
      FloatVector am3 =
          FloatVector.fromArray(FLOATS, scratch, SCALES + 3 * BlockScales.LENGTH + PANEL);
      FloatVector bm3 =
          FloatVector.fromArray(FLOATS, scratch, SCALES + 3 * BlockScales.LENGTH + PANEL + COUNT);
      int at = column * PANEL;
      for (int c = 0; c < group; c++) {
        FloatVector v = FloatVector.broadcast(FLOATS, x[xAt + column + c]);
        FloatVector aw0 =
            (FloatVector)
                ByteVector.fromArray(BYTES, codes, w0 + at + c * PANEL).castShape(FLOATS, 0);
        aw0 = aw0.fma(as0, am0);
        if (rounds) {
          aw0 = aw0.reinterpretAsInts().add(half).and(kept).reinterpretAsFloats();
        }
        a0 = aw0.fma(v, a0);
        FloatVector bw0 =
            (FloatVector)
                ByteVector.fromArray(BYTES, codes, w0 + at + COUNT + c * PANEL)
                    .castShape(FLOATS, 0);
        bw0 = bw0.fma(bs0, bm0);
        if (rounds) {
          bw0 = bw0.reinterpretAsInts().add(half).and(kept).reinterpretAsFloats();
        }
        b0 = bw0.fma(v, b0);
        FloatVector aw1 =
            (FloatVector)
                ByteVector.fromArray(BYTES, codes, w1 + at + c * PANEL).castShape(FLOATS, 0);
        aw1 = aw1.fma(as1, am1);
        if (rounds) {
          aw1 = aw1.reinterpretAsInts().add(half).and(kept).reinterpretAsFloats();
        }
        a1 = aw1.fma(v, a1);
        FloatVector bw1 =
            (FloatVector)
                ByteVector.fromArray(BYTES, codes, w1 + at + COUNT + c * PANEL)
                    .castShape(FLOATS, 0);
        bw1 = bw1.fma(bs1, bm1);
        if (rounds) {
          bw1 = bw1.reinterpretAsInts().add(half).and(kept).reinterpretAsFloats();
        }
        b1 = bw1.fma(v, b1);
        FloatVector aw2 =
            (FloatVector)
                ByteVector.fromArray(BYTES, codes, w2 + at + c * PANEL).castShape(FLOATS, 0);
        aw2 = aw2.fma(as2, am2);
        if (rounds) {
          aw2 = aw2.reinterpretAsInts().add(half).and(kept).reinterpretAsFloats();
        }
        a2 = aw2.fma(v, a2);
        FloatVector bw2 =
            (FloatVector)
                ByteVector.fromArray(BYTES, codes, w2 + at + COUNT + c * PANEL)
                    .castShape(FLOATS, 0);
        bw2 = bw2.fma(bs2, bm2);
        if (rounds) {
          bw2 = bw2.reinterpretAsInts().add(half).and(kept).reinterpretAsFloats();
        }
        b2 = bw2.fma(v, b2);
        FloatVector aw3 =
            (FloatVector)
                ByteVector.fromArray(BYTES, codes, w3 + at + c * PANEL).castShape(FLOATS, 0);
        aw3 = aw3.fma(as3, am3);
        if (rounds) {
          aw3 = aw3.reinterpretAsInts().add(half).and(kept).reinterpretAsFloats();
        }
        a3 = aw3.fma(v, a3);
        FloatVector bw3 =
            (FloatVector)
                ByteVector.fromArray(BYTES, codes, w3 + at + COUNT + c * PANEL)
                    .castShape(FLOATS, 0);
        bw3 = bw3.fma(bs3, bm3);
        if (rounds) {
          bw3 = bw3.reinterpretAsInts().add(half).and(kept).reinterpretAsFloats();
        }
        b3 = bw3.fma(v, b3);
      }
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
  int mostRowsInRegisters() {
    return MOST_ROWS;
  }

  @Override
  void multiplyInRegisters(
      int panel,
      int from,
      int to,
      float[] x,
      int xAt,
      int rows,
      float[] out,
      int outAt,
      int outStride,
      float[] scratch) {
    if (rows <= 4) {
      rows4(panel, from, to, x, xAt, rows, out, outAt, outStride, scratch);
    } else {
      rows8(panel, from, to, x, xAt, rows, out, outAt, outStride, scratch);
    }
  }

  private void rows4(
      int panel,
      int from,
      int to,
      float[] x,
      int xAt,
      int rows,
      float[] out,
      int outAt,
      int outStride,
      float[] scratch) {
    IntVector half = IntVector.broadcast(INTS, addend);
    IntVector kept = IntVector.broadcast(INTS, mask);
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
    int group = scales.groupLength();
    for (int column = from; column < to; column += group) {
      scales.read(panel, column / group, scratch, SCALES);
      FloatVector lowScale = FloatVector.fromArray(FLOATS, scratch, SCALES);
      FloatVector highScale = FloatVector.fromArray(FLOATS, scratch, SCALES + COUNT);
      FloatVector lowBias = FloatVector.fromArray(FLOATS, scratch, SCALES + PANEL);
      FloatVector highBias = FloatVector.fromArray(FLOATS, scratch, SCALES + PANEL + COUNT);
      int xs = xAt + (column - from) * BLOCK;
      int w = codesAt + (panel * columns + column) * PANEL;
      for (int c = 0; c < group; c++) {
        FloatVector low =
            ((FloatVector) ByteVector.fromArray(BYTES, codes, w + c * PANEL).castShape(FLOATS, 0))
                .fma(lowScale, lowBias);
        if (rounds) {
          low = low.reinterpretAsInts().add(half).and(kept).reinterpretAsFloats();
        }
        FloatVector high =
            ((FloatVector)
                    ByteVector.fromArray(BYTES, codes, w + COUNT + c * PANEL).castShape(FLOATS, 0))
                .fma(highScale, highBias);
        if (rounds) {
          high = high.reinterpretAsInts().add(half).and(kept).reinterpretAsFloats();
        }
        FloatVector v0 = FloatVector.broadcast(FLOATS, x[xs + c * BLOCK]);
        a0 = low.fma(v0, a0);
        b0 = high.fma(v0, b0);
        FloatVector v1 = FloatVector.broadcast(FLOATS, x[xs + c * BLOCK + 1]);
        a1 = low.fma(v1, a1);
        b1 = high.fma(v1, b1);
        FloatVector v2 = FloatVector.broadcast(FLOATS, x[xs + c * BLOCK + 2]);
        a2 = low.fma(v2, a2);
        b2 = high.fma(v2, b2);
        FloatVector v3 = FloatVector.broadcast(FLOATS, x[xs + c * BLOCK + 3]);
        a3 = low.fma(v3, a3);
        b3 = high.fma(v3, b3);
      }
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

  private void rows8(
      int panel,
      int from,
      int to,
      float[] x,
      int xAt,
      int rows,
      float[] out,
      int outAt,
      int outStride,
      float[] scratch) {
    IntVector half = IntVector.broadcast(INTS, addend);
    IntVector kept = IntVector.broadcast(INTS, mask);
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
    int group = scales.groupLength();
    for (int column = from; column < to; column += group) {
      scales.read(panel, column / group, scratch, SCALES);
      FloatVector lowScale = FloatVector.fromArray(FLOATS, scratch, SCALES);
      FloatVector highScale = FloatVector.fromArray(FLOATS, scratch, SCALES + COUNT);
      FloatVector lowBias = FloatVector.fromArray(FLOATS, scratch, SCALES + PANEL);
      FloatVector highBias = FloatVector.fromArray(FLOATS, scratch, SCALES + PANEL + COUNT);
      int xs = xAt + (column - from) * BLOCK;
      int w = codesAt + (panel * columns + column) * PANEL;
      for (int c = 0; c < group; c++) {
        FloatVector low =
            ((FloatVector) ByteVector.fromArray(BYTES, codes, w + c * PANEL).castShape(FLOATS, 0))
                .fma(lowScale, lowBias);
        if (rounds) {
          low = low.reinterpretAsInts().add(half).and(kept).reinterpretAsFloats();
        }
        FloatVector high =
            ((FloatVector)
                    ByteVector.fromArray(BYTES, codes, w + COUNT + c * PANEL).castShape(FLOATS, 0))
                .fma(highScale, highBias);
        if (rounds) {
          high = high.reinterpretAsInts().add(half).and(kept).reinterpretAsFloats();
        }
        FloatVector v0 = FloatVector.broadcast(FLOATS, x[xs + c * BLOCK]);
        a0 = low.fma(v0, a0);
        b0 = high.fma(v0, b0);
        FloatVector v1 = FloatVector.broadcast(FLOATS, x[xs + c * BLOCK + 1]);
        a1 = low.fma(v1, a1);
        b1 = high.fma(v1, b1);
        FloatVector v2 = FloatVector.broadcast(FLOATS, x[xs + c * BLOCK + 2]);
        a2 = low.fma(v2, a2);
        b2 = high.fma(v2, b2);
        FloatVector v3 = FloatVector.broadcast(FLOATS, x[xs + c * BLOCK + 3]);
        a3 = low.fma(v3, a3);
        b3 = high.fma(v3, b3);
        FloatVector v4 = FloatVector.broadcast(FLOATS, x[xs + c * BLOCK + 4]);
        a4 = low.fma(v4, a4);
        b4 = high.fma(v4, b4);
        FloatVector v5 = FloatVector.broadcast(FLOATS, x[xs + c * BLOCK + 5]);
        a5 = low.fma(v5, a5);
        b5 = high.fma(v5, b5);
        FloatVector v6 = FloatVector.broadcast(FLOATS, x[xs + c * BLOCK + 6]);
        a6 = low.fma(v6, a6);
        b6 = high.fma(v6, b6);
        FloatVector v7 = FloatVector.broadcast(FLOATS, x[xs + c * BLOCK + 7]);
        a7 = low.fma(v7, a7);
        b7 = high.fma(v7, b7);
      }
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

  @Override
  void decodePairs(int panel, int from, int to, MemorySegment weights, long at, float[] scratch) {
    IntVector half = IntVector.broadcast(INTS, addend);
    IntVector kept = IntVector.broadcast(INTS, mask);
    int group = scales.groupLength();
    for (int column = from; column < to; column += group) {
      scales.read(panel, column / group, scratch, SCALES);
      for (int lane = 0; lane < PANEL; lane += COUNT) {
        FloatVector scale = FloatVector.fromArray(FLOATS, scratch, SCALES + lane);
        FloatVector bias = FloatVector.fromArray(FLOATS, scratch, SCALES + PANEL + lane);
        long to0 = at + ((long) (column - from) / 2 * PANEL + lane) * Integer.BYTES;
        int w = codesAt + (panel * columns + column) * PANEL + lane;
        for (int c = 0; c < group; c += 2) {
          IntVector upper =
              ((FloatVector) ByteVector.fromArray(BYTES, codes, w + c * PANEL).castShape(FLOATS, 0))
                  .fma(scale, bias)
                  .reinterpretAsInts()
                  .add(half)
                  .and(kept);
          ((FloatVector)
                  ByteVector.fromArray(BYTES, codes, w + PANEL + c * PANEL).castShape(FLOATS, 0))
              .fma(scale, bias)
              .reinterpretAsInts()
              .add(half)
              .lanewise(VectorOperators.LSHR, Short.SIZE)
              .or(upper)
              .intoMemorySegment(
                  weights, to0 + (long) c / 2 * PANEL * Integer.BYTES, ByteOrder.LITTLE_ENDIAN);
        }
      }
    }
  }

  @Override
  void decode(int panel, int from, int to, float[] scratch) {
    IntVector half = IntVector.broadcast(INTS, addend);
    IntVector kept = IntVector.broadcast(INTS, mask);
    int group = scales.groupLength();
    for (int column = from; column < to; column += group) {
      scales.read(panel, column / group, scratch, SCALES);
      FloatVector lowScale = FloatVector.fromArray(FLOATS, scratch, SCALES);
      FloatVector highScale = FloatVector.fromArray(FLOATS, scratch, SCALES + COUNT);
      FloatVector lowBias = FloatVector.fromArray(FLOATS, scratch, SCALES + PANEL);
      FloatVector highBias = FloatVector.fromArray(FLOATS, scratch, SCALES + PANEL + COUNT);
      int tile = (column - from) * PANEL;
      int w = codesAt + (panel * columns + column) * PANEL;
      for (int i = 0; i < group * PANEL; i += PANEL) {
        ((FloatVector) ByteVector.fromArray(BYTES, codes, w + i).castShape(FLOATS, 0))
            .fma(lowScale, lowBias)
            .reinterpretAsInts()
            .add(half)
            .and(kept)
            .reinterpretAsFloats()
            .intoArray(scratch, tile + i);
        ((FloatVector) ByteVector.fromArray(BYTES, codes, w + i + COUNT).castShape(FLOATS, 0))
            .fma(highScale, highBias)
            .reinterpretAsInts()
            .add(half)
            .and(kept)
            .reinterpretAsFloats()
            .intoArray(scratch, tile + i + COUNT);
      }
    }
  }
}
