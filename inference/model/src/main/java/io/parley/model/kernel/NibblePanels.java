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
 * Weights of four bits, {@code [panel][pair of columns][row in panel]}: the low nibble of a byte
 * belongs to the second column of the pair, which is added first (see {@link SumOrder}), the high
 * nibble to the first.
 *
 * <p>Kernels are long for the reason that {@link Microkernel} is, and with the same rule for fewer
 * rows.
 */
final class NibblePanels extends QuantizedPanels {
  /** Up to so many rows decoding in registers is faster than decoding to a tile. */
  private static final int MOST_ROWS = 4;

  NibblePanels(Tensor tensor, Multiplication multiplication, PanelMemory memory) {
    super(tensor, multiplication, memory);
    pack(tensor);
  }

  @Override
  void put(int row, int column, BlockCodes block, int length) {
    int at = index(row, column);
    for (int i = 0; i < length; i += 2) {
      codes[at + i / 2 * PANEL] = (byte) (block.code(i + 1) | (block.code(i) << 4));
    }
  }

  private int index(int row, int column) {
    return codesAt + (row / PANEL * columns + column) / 2 * PANEL + row % PANEL;
  }

  @Override
  int code(int row, int column) {
    return (codes[index(row, column)] >>> ((column + 1) % 2 * 4)) & 15;
  }

  @Override
  void multiplyFourPanels(int panel, int from, int to, float[] x, int xAt, float[] scratch) {
    IntVector half = IntVector.broadcast(INTS, addend);
    IntVector kept = IntVector.broadcast(INTS, mask);
    int length = columns / 2 * PANEL;
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
      int at = column / 2 * PANEL;
      for (int c = 0; c < group; c += 2) {
        FloatVector v = FloatVector.broadcast(FLOATS, x[xAt + column + c]);
        FloatVector u = FloatVector.broadcast(FLOATS, x[xAt + column + c + 1]);
        IntVector aw0 =
            (IntVector)
                ByteVector.fromArray(BYTES, codes, w0 + at + c / 2 * PANEL).castShape(INTS, 0);
        FloatVector al0 = (FloatVector) aw0.and(15).castShape(FLOATS, 0);
        FloatVector ah0 =
            (FloatVector) aw0.lanewise(VectorOperators.LSHR, 4).and(15).castShape(FLOATS, 0);
        al0 = al0.fma(as0, am0);
        if (rounds) {
          al0 = al0.reinterpretAsInts().add(half).and(kept).reinterpretAsFloats();
        }
        a0 = al0.fma(v, a0);
        ah0 = ah0.fma(as0, am0);
        if (rounds) {
          ah0 = ah0.reinterpretAsInts().add(half).and(kept).reinterpretAsFloats();
        }
        a0 = ah0.fma(u, a0);
        IntVector bw0 =
            (IntVector)
                ByteVector.fromArray(BYTES, codes, w0 + at + COUNT + c / 2 * PANEL)
                    .castShape(INTS, 0);
        FloatVector bl0 = (FloatVector) bw0.and(15).castShape(FLOATS, 0);
        FloatVector bh0 =
            (FloatVector) bw0.lanewise(VectorOperators.LSHR, 4).and(15).castShape(FLOATS, 0);
        bl0 = bl0.fma(bs0, bm0);
        if (rounds) {
          bl0 = bl0.reinterpretAsInts().add(half).and(kept).reinterpretAsFloats();
        }
        b0 = bl0.fma(v, b0);
        bh0 = bh0.fma(bs0, bm0);
        if (rounds) {
          bh0 = bh0.reinterpretAsInts().add(half).and(kept).reinterpretAsFloats();
        }
        b0 = bh0.fma(u, b0);
        IntVector aw1 =
            (IntVector)
                ByteVector.fromArray(BYTES, codes, w1 + at + c / 2 * PANEL).castShape(INTS, 0);
        FloatVector al1 = (FloatVector) aw1.and(15).castShape(FLOATS, 0);
        FloatVector ah1 =
            (FloatVector) aw1.lanewise(VectorOperators.LSHR, 4).and(15).castShape(FLOATS, 0);
        al1 = al1.fma(as1, am1);
        if (rounds) {
          al1 = al1.reinterpretAsInts().add(half).and(kept).reinterpretAsFloats();
        }
        a1 = al1.fma(v, a1);
        ah1 = ah1.fma(as1, am1);
        if (rounds) {
          ah1 = ah1.reinterpretAsInts().add(half).and(kept).reinterpretAsFloats();
        }
        a1 = ah1.fma(u, a1);
        IntVector bw1 =
            (IntVector)
                ByteVector.fromArray(BYTES, codes, w1 + at + COUNT + c / 2 * PANEL)
                    .castShape(INTS, 0);
        FloatVector bl1 = (FloatVector) bw1.and(15).castShape(FLOATS, 0);
        FloatVector bh1 =
            (FloatVector) bw1.lanewise(VectorOperators.LSHR, 4).and(15).castShape(FLOATS, 0);
        bl1 = bl1.fma(bs1, bm1);
        if (rounds) {
          bl1 = bl1.reinterpretAsInts().add(half).and(kept).reinterpretAsFloats();
        }
        b1 = bl1.fma(v, b1);
        bh1 = bh1.fma(bs1, bm1);
        if (rounds) {
          bh1 = bh1.reinterpretAsInts().add(half).and(kept).reinterpretAsFloats();
        }
        b1 = bh1.fma(u, b1);
        IntVector aw2 =
            (IntVector)
                ByteVector.fromArray(BYTES, codes, w2 + at + c / 2 * PANEL).castShape(INTS, 0);
        FloatVector al2 = (FloatVector) aw2.and(15).castShape(FLOATS, 0);
        FloatVector ah2 =
            (FloatVector) aw2.lanewise(VectorOperators.LSHR, 4).and(15).castShape(FLOATS, 0);
        al2 = al2.fma(as2, am2);
        if (rounds) {
          al2 = al2.reinterpretAsInts().add(half).and(kept).reinterpretAsFloats();
        }
        a2 = al2.fma(v, a2);
        ah2 = ah2.fma(as2, am2);
        if (rounds) {
          ah2 = ah2.reinterpretAsInts().add(half).and(kept).reinterpretAsFloats();
        }
        a2 = ah2.fma(u, a2);
        IntVector bw2 =
            (IntVector)
                ByteVector.fromArray(BYTES, codes, w2 + at + COUNT + c / 2 * PANEL)
                    .castShape(INTS, 0);
        FloatVector bl2 = (FloatVector) bw2.and(15).castShape(FLOATS, 0);
        FloatVector bh2 =
            (FloatVector) bw2.lanewise(VectorOperators.LSHR, 4).and(15).castShape(FLOATS, 0);
        bl2 = bl2.fma(bs2, bm2);
        if (rounds) {
          bl2 = bl2.reinterpretAsInts().add(half).and(kept).reinterpretAsFloats();
        }
        b2 = bl2.fma(v, b2);
        bh2 = bh2.fma(bs2, bm2);
        if (rounds) {
          bh2 = bh2.reinterpretAsInts().add(half).and(kept).reinterpretAsFloats();
        }
        b2 = bh2.fma(u, b2);
        IntVector aw3 =
            (IntVector)
                ByteVector.fromArray(BYTES, codes, w3 + at + c / 2 * PANEL).castShape(INTS, 0);
        FloatVector al3 = (FloatVector) aw3.and(15).castShape(FLOATS, 0);
        FloatVector ah3 =
            (FloatVector) aw3.lanewise(VectorOperators.LSHR, 4).and(15).castShape(FLOATS, 0);
        al3 = al3.fma(as3, am3);
        if (rounds) {
          al3 = al3.reinterpretAsInts().add(half).and(kept).reinterpretAsFloats();
        }
        a3 = al3.fma(v, a3);
        ah3 = ah3.fma(as3, am3);
        if (rounds) {
          ah3 = ah3.reinterpretAsInts().add(half).and(kept).reinterpretAsFloats();
        }
        a3 = ah3.fma(u, a3);
        IntVector bw3 =
            (IntVector)
                ByteVector.fromArray(BYTES, codes, w3 + at + COUNT + c / 2 * PANEL)
                    .castShape(INTS, 0);
        FloatVector bl3 = (FloatVector) bw3.and(15).castShape(FLOATS, 0);
        FloatVector bh3 =
            (FloatVector) bw3.lanewise(VectorOperators.LSHR, 4).and(15).castShape(FLOATS, 0);
        bl3 = bl3.fma(bs3, bm3);
        if (rounds) {
          bl3 = bl3.reinterpretAsInts().add(half).and(kept).reinterpretAsFloats();
        }
        b3 = bl3.fma(v, b3);
        bh3 = bh3.fma(bs3, bm3);
        if (rounds) {
          bh3 = bh3.reinterpretAsInts().add(half).and(kept).reinterpretAsFloats();
        }
        b3 = bh3.fma(u, b3);
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

  /**
   * Taking nibbles apart costs more than two rows of {@link #multiplyInRegisters} that nobody
   * wants.
   */
  @Override
  int mostRowsOneByOne() {
    return 1;
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
      int w = codesAt + (panel * columns + column) / 2 * PANEL;
      for (int c = 0; c < group; c += 2) {
        IntVector lowPair =
            (IntVector) ByteVector.fromArray(BYTES, codes, w + c / 2 * PANEL).castShape(INTS, 0);
        FloatVector low =
            ((FloatVector) lowPair.and(15).castShape(FLOATS, 0)).fma(lowScale, lowBias);
        if (rounds) {
          low = low.reinterpretAsInts().add(half).and(kept).reinterpretAsFloats();
        }
        FloatVector lowNext =
            ((FloatVector) lowPair.lanewise(VectorOperators.LSHR, 4).and(15).castShape(FLOATS, 0))
                .fma(lowScale, lowBias);
        if (rounds) {
          lowNext = lowNext.reinterpretAsInts().add(half).and(kept).reinterpretAsFloats();
        }
        IntVector highPair =
            (IntVector)
                ByteVector.fromArray(BYTES, codes, w + COUNT + c / 2 * PANEL).castShape(INTS, 0);
        FloatVector high =
            ((FloatVector) highPair.and(15).castShape(FLOATS, 0)).fma(highScale, highBias);
        if (rounds) {
          high = high.reinterpretAsInts().add(half).and(kept).reinterpretAsFloats();
        }
        FloatVector highNext =
            ((FloatVector) highPair.lanewise(VectorOperators.LSHR, 4).and(15).castShape(FLOATS, 0))
                .fma(highScale, highBias);
        if (rounds) {
          highNext = highNext.reinterpretAsInts().add(half).and(kept).reinterpretAsFloats();
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
        FloatVector u0 = FloatVector.broadcast(FLOATS, x[xs + c * BLOCK + 8]);
        a0 = lowNext.fma(u0, a0);
        b0 = highNext.fma(u0, b0);
        FloatVector u1 = FloatVector.broadcast(FLOATS, x[xs + c * BLOCK + 9]);
        a1 = lowNext.fma(u1, a1);
        b1 = highNext.fma(u1, b1);
        FloatVector u2 = FloatVector.broadcast(FLOATS, x[xs + c * BLOCK + 10]);
        a2 = lowNext.fma(u2, a2);
        b2 = highNext.fma(u2, b2);
        FloatVector u3 = FloatVector.broadcast(FLOATS, x[xs + c * BLOCK + 11]);
        a3 = lowNext.fma(u3, a3);
        b3 = highNext.fma(u3, b3);
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
        int w = codesAt + (panel * columns + column) / 2 * PANEL + lane;
        for (int i = 0; i < group / 2 * PANEL; i += PANEL) {
          IntVector pair = (IntVector) ByteVector.fromArray(BYTES, codes, w + i).castShape(INTS, 0);
          IntVector upper =
              ((FloatVector) pair.and(15).castShape(FLOATS, 0))
                  .fma(scale, bias)
                  .reinterpretAsInts()
                  .add(half)
                  .and(kept);
          ((FloatVector) pair.lanewise(VectorOperators.LSHR, 4).and(15).castShape(FLOATS, 0))
              .fma(scale, bias)
              .reinterpretAsInts()
              .add(half)
              .lanewise(VectorOperators.LSHR, Short.SIZE)
              .or(upper)
              .intoMemorySegment(weights, to0 + (long) i * Integer.BYTES, ByteOrder.LITTLE_ENDIAN);
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
      int w = codesAt + (panel * columns + column) / 2 * PANEL;
      for (int i = 0; i < group / 2 * PANEL; i += PANEL) {
        IntVector low = (IntVector) ByteVector.fromArray(BYTES, codes, w + i).castShape(INTS, 0);
        ((FloatVector) low.and(15).castShape(FLOATS, 0))
            .fma(lowScale, lowBias)
            .reinterpretAsInts()
            .add(half)
            .and(kept)
            .reinterpretAsFloats()
            .intoArray(scratch, tile + 2 * i);
        ((FloatVector) low.lanewise(VectorOperators.LSHR, 4).and(15).castShape(FLOATS, 0))
            .fma(lowScale, lowBias)
            .reinterpretAsInts()
            .add(half)
            .and(kept)
            .reinterpretAsFloats()
            .intoArray(scratch, tile + 2 * i + PANEL);
        IntVector high =
            (IntVector) ByteVector.fromArray(BYTES, codes, w + i + COUNT).castShape(INTS, 0);
        ((FloatVector) high.and(15).castShape(FLOATS, 0))
            .fma(highScale, highBias)
            .reinterpretAsInts()
            .add(half)
            .and(kept)
            .reinterpretAsFloats()
            .intoArray(scratch, tile + 2 * i + COUNT);
        ((FloatVector) high.lanewise(VectorOperators.LSHR, 4).and(15).castShape(FLOATS, 0))
            .fma(highScale, highBias)
            .reinterpretAsInts()
            .add(half)
            .and(kept)
            .reinterpretAsFloats()
            .intoArray(scratch, tile + 2 * i + PANEL + COUNT);
      }
    }
  }
}
