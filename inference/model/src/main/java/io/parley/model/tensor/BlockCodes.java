package io.parley.model.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * One block of a quantised tensor taken apart, by the layouts of ggml ({@code ggml-common.h},
 * {@code dequantize_row_*}): small whole numbers, and how groups of them are scaled. Number i is
 *
 * <pre>scale × code(i) + bias,  scale = d × scaleFactor(group),  bias = −dMin × minFactor(group)
 * </pre>
 *
 * where a type without minimums has {@code bias = scale × offset}. Every product is exact in an
 * F32: at most 11 × 8 × 6 bits; so only the sum rounds, once. Reused from block to block; not
 * thread-safe.
 */
public final class BlockCodes {
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final int MOST_CODES = 256;
  private static final int MOST_GROUPS = 16;

  private final QuantizedLayout layout;
  private final byte[] block;
  private final MemorySegment bytes;
  private final byte[] codes = new byte[MOST_CODES];
  private final byte[] scaleFactors = new byte[MOST_GROUPS];
  private final byte[] minFactors = new byte[MOST_GROUPS];
  private short d;
  private short dMin;

  /**
   * For blocks of one type.
   *
   * @throws IllegalArgumentException if the type has no blocks
   */
  public BlockCodes(TensorType type) {
    this.layout =
        type.quantized()
            .orElseThrow(() -> new IllegalArgumentException(type + " is not quantised"));
    this.block = new byte[type.blockBytes()];
    this.bytes = MemorySegment.ofArray(block);
    Arrays.fill(scaleFactors, (byte) 1);
    Arrays.fill(minFactors, (byte) 1);
  }

  /** Reads the block that begins at byte {@code offset}. */
  public void read(MemorySegment data, long offset) {
    MemorySegment.copy(data, ValueLayout.JAVA_BYTE, offset, block, 0, block.length);
    layout.unpack().accept(this);
  }

  /** The small number at a place of the block, as the type means it: some are signed. */
  public byte code(int index) {
    return codes[index];
  }

  /** The factor of the whole block, a binary16. */
  public short d() {
    return d;
  }

  /** The factor of the block's minimums, a binary16; 0 where there are none. */
  public short dMin() {
    return dMin;
  }

  public byte scaleFactor(int group) {
    return scaleFactors[group];
  }

  public byte minFactor(int group) {
    return minFactors[group];
  }

  /** The scale of a group of codes. */
  public float scale(int group) {
    return Float.float16ToFloat(d) * scaleFactors[group];
  }

  /** What is added to each number of a group. */
  public float bias(int group) {
    return layout.minimums()
        ? -(Float.float16ToFloat(dMin) * minFactors[group])
        : scale(group) * layout.offset();
  }

  /** One number. */
  public float value(int index) {
    int group = index / layout.groupLength();
    return layout.biased()
        ? Math.fma(codes[index], scale(group), bias(group))
        : codes[index] * scale(group);
  }

  // ---- The layouts --------------------------------------------------------------------------

  private int unsigned(int at) {
    return block[at] & 0xff;
  }

  private short half(int at) {
    return bytes.get(SHORT, at);
  }

  void q80() {
    d = half(0);
    System.arraycopy(block, 2, codes, 0, 32);
  }

  void q40() {
    d = half(0);
    nibbles(2);
  }

  void q41() {
    d = half(0);
    dMin = negative(half(2));
    nibbles(4);
  }

  void q50() {
    d = half(0);
    nibbles(6);
    fifthBits(2);
    for (int i = 0; i < 32; i++) {
      codes[i] = (byte) (codes[i] - 16);
    }
  }

  void q51() {
    d = half(0);
    dMin = negative(half(2));
    nibbles(8);
    fifthBits(4);
  }

  /** The file's minimum is added, ours is subtracted. */
  private static short negative(short half) {
    return (short) (half ^ 0x8000);
  }

  /** 32 codes in 16 bytes: the low nibbles are the first half. */
  private void nibbles(int at) {
    for (int i = 0; i < 16; i++) {
      codes[i] = (byte) (block[at + i] & 15);
      codes[i + 16] = (byte) (unsigned(at + i) >>> 4);
    }
  }

  private void fifthBits(int at) {
    for (int i = 0; i < 32; i++) {
      codes[i] |= (byte) (((unsigned(at + i / 8) >>> (i % 8)) & 1) << 4);
    }
  }

  void q4k() {
    superBlock();
    for (int i = 0; i < 256; i++) {
      codes[i] = (byte) nibbleK(16, i);
    }
  }

  void q5k() {
    superBlock();
    for (int i = 0; i < 256; i++) {
      int fifth = (unsigned(16 + i % 32) >>> (i / 32)) & 1;
      codes[i] = (byte) (nibbleK(48, i) | (fifth << 4));
    }
  }

  /** 64 codes in 32 bytes: the low nibbles are the first half. */
  private int nibbleK(int at, int i) {
    return (unsigned(at + i / 64 * 32 + i % 32) >>> (i / 32 % 2 * 4)) & 15;
  }

  /** Two halves, then eight scales and eight minimums of six bits in twelve bytes. */
  private void superBlock() {
    d = half(0);
    dMin = half(2);
    for (int j = 0; j < 4; j++) {
      scaleFactors[j] = (byte) (block[4 + j] & 63);
      minFactors[j] = (byte) (block[8 + j] & 63);
      scaleFactors[j + 4] = (byte) ((block[12 + j] & 15) | (unsigned(4 + j) >>> 6 << 4));
      minFactors[j + 4] = (byte) ((unsigned(12 + j) >>> 4) | (unsigned(8 + j) >>> 6 << 4));
    }
  }

  /** 128 low nibbles, 64 bytes of two high bits each, 16 scales, one half; twice 128 codes. */
  void q6k() {
    d = half(208);
    System.arraycopy(block, 192, scaleFactors, 0, 16);
    for (int i = 0; i < 256; i++) {
      int part = i % 128 / 32;
      int low = (unsigned(i / 128 * 64 + part % 2 * 32 + i % 32) >>> (part / 2 * 4)) & 15;
      int high = (unsigned(128 + i / 128 * 32 + i % 32) >>> (part * 2)) & 3;
      codes[i] = (byte) ((low | (high << 4)) - 32);
    }
  }
}
