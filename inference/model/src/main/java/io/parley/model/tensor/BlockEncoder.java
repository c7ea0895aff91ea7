package io.parley.model.tensor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Quantises blocks by the plainest valid choice: scales from the extremes of each group, codes to
 * nearest. ggml's own quantisers search longer and lose less. Not thread-safe.
 */
final class BlockEncoder {
  private static final float LARGEST_F16 = 65_504;

  private final TensorType type;
  private final ByteBuffer block;
  private final int[] codes;

  BlockEncoder(TensorType type) {
    this.type = type;
    this.block = ByteBuffer.allocate(type.blockBytes()).order(ByteOrder.LITTLE_ENDIAN);
    this.codes = new int[type.blockLength()];
  }

  /**
   * Appends the block of {@code values[from...]}.
   *
   * @throws IllegalArgumentException if a scale exceeds binary16
   */
  void encode(float[] values, int from, ByteBuffer out) {
    Arrays.fill(block.array(), (byte) 0);
    switch (type) {
      case Q8_0 -> q80(values, from);
      case Q4_0 -> symmetric(values, from, 8, 2);
      case Q5_0 -> symmetric(values, from, 16, 6);
      case Q4_1 -> affine(values, from, 15, 4);
      case Q5_1 -> affine(values, from, 31, 8);
      case Q4_K -> superBlock(values, from, 15, 16);
      case Q5_K -> superBlock(values, from, 31, 48);
      case Q6_K -> q6k(values, from);
      case F32, F16, BF16 -> throw new IllegalArgumentException(type + " has no blocks");
    }
    out.put(block.array());
  }

  static short half(float value, int index) {
    if (Math.abs(value) > LARGEST_F16) {
      throw new IllegalArgumentException("value " + index + " exceeds binary16: " + value);
    }
    return Float.floatToFloat16(value);
  }

  /** Writes a factor and says what a reader will take it for. */
  private float putHalf(int at, float value, int index) {
    short half = half(value, index);
    block.putShort(at, half);
    return Float.float16ToFloat(half);
  }

  /** ggml's reference ({@code quantize_row_q8_0_ref}): scale = largest magnitude / 127. */
  private void q80(float[] values, int from) {
    float scale = Math.abs(extreme(values, from, 32)) / 127;
    float inverse = scale == 0 ? 0 : 1 / scale;
    putHalf(0, scale, from);
    for (int i = 0; i < 32; i++) {
      block.put(2 + i, (byte) roundHalfAway(values[from + i] * inverse));
    }
  }

  private static int roundHalfAway(float x) {
    return x < 0 ? -(int) (0.5f - x) : (int) (x + 0.5f);
  }

  /** The value of largest magnitude, with its sign. */
  private static float extreme(float[] values, int from, int count) {
    float extreme = 0;
    for (int i = from; i < from + count; i++) {
      extreme = Math.abs(values[i]) > Math.abs(extreme) ? values[i] : extreme;
    }
    return extreme;
  }

  /** The extreme becomes code 0, which reaches one step further than the largest code. */
  private void symmetric(float[] values, int from, int offset, int nibblesAt) {
    float d = putHalf(0, extreme(values, from, 32) / -offset, from);
    for (int i = 0; i < 32; i++) {
      codes[i] = code(values[from + i], d, -d * offset, 2 * offset - 1);
    }
    putCodes32(offset == 16, 2, nibblesAt);
  }

  private void affine(float[] values, int from, int most, int nibblesAt) {
    float least = least(values, from, 32, Float.POSITIVE_INFINITY);
    float largest = -negatedLeast(values, from, 32);
    float d = putHalf(0, (largest - least) / most, from);
    float minimum = putHalf(2, least, from);
    for (int i = 0; i < 32; i++) {
      codes[i] = code(values[from + i], d, minimum, most);
    }
    putCodes32(most == 31, 4, nibblesAt);
  }

  private static float least(float[] values, int from, int count, float start) {
    float least = start;
    for (int i = from; i < from + count; i++) {
      least = Math.min(least, values[i]);
    }
    return least;
  }

  private static float negatedLeast(float[] values, int from, int count) {
    float least = Float.POSITIVE_INFINITY;
    for (int i = from; i < from + count; i++) {
      least = Math.min(least, -values[i]);
    }
    return least;
  }

  private static int code(float value, float scale, float bias, int most) {
    return scale == 0 ? 0 : Math.clamp(Math.round((value - bias) / scale), 0, most);
  }

  private void putCodes32(boolean fifth, int fifthAt, int nibblesAt) {
    for (int i = 0; i < 32; i++) {
      or(nibblesAt + i % 16, (codes[i] & 15) << (i / 16 * 4));
      if (fifth) {
        or(fifthAt + i / 8, codes[i] >>> 4 << (i % 8));
      }
    }
  }

  private void or(int at, int bits) {
    block.put(at, (byte) (block.get(at) | bits));
  }

  /** Eight groups: scale and minimum of each in six bits, relative to the largest of them. */
  private void superBlock(float[] values, int from, int most, int nibblesAt) {
    float[] scales = new float[8];
    float[] minimums = new float[8];
    for (int g = 0; g < 8; g++) {
      minimums[g] = -least(values, from + 32 * g, 32, 0);
      float largest = Math.max(0, -negatedLeast(values, from + 32 * g, 32));
      scales[g] = (largest + minimums[g]) / most;
    }
    float d = putHalf(0, -negatedLeast(scales, 0, 8) / 63, from);
    float dMin = putHalf(2, -negatedLeast(minimums, 0, 8) / 63, from);
    for (int g = 0; g < 8; g++) {
      int scale = code(scales[g], d, 0, 63);
      int minimum = code(minimums[g], dMin, 0, 63);
      putFactors(g, scale, minimum);
      for (int i = 32 * g; i < 32 * g + 32; i++) {
        codes[i] = code(values[from + i], d * scale, -dMin * minimum, most);
      }
    }
    for (int i = 0; i < 256; i++) {
      or(nibblesAt + i / 64 * 32 + i % 32, (codes[i] & 15) << (i / 32 % 2 * 4));
      if (most == 31) {
        or(16 + i % 32, codes[i] >>> 4 << (i / 32));
      }
    }
  }

  private void putFactors(int group, int scale, int minimum) {
    if (group < 4) {
      or(4 + group, scale);
      or(8 + group, minimum);
    } else {
      or(8 + group, (scale & 15) | ((minimum & 15) << 4));
      or(group, scale >>> 4 << 6);
      or(4 + group, minimum >>> 4 << 6);
    }
  }

  private void q6k(float[] values, int from) {
    float[] scales = new float[16];
    for (int g = 0; g < 16; g++) {
      scales[g] = extreme(values, from + 16 * g, 16) / -32;
    }
    float d = putHalf(208, Math.abs(extreme(scales, 0, 16)) / 127, from);
    for (int g = 0; g < 16; g++) {
      int scale = d == 0 ? 0 : Math.clamp(Math.round(scales[g] / d), -128, 127);
      block.put(192 + g, (byte) scale);
      for (int i = 16 * g; i < 16 * g + 16; i++) {
        codes[i] = code(values[from + i], d * scale, -32 * d * scale, 63);
      }
    }
    for (int i = 0; i < 256; i++) {
      int part = i % 128 / 32;
      or(i / 128 * 64 + part % 2 * 32 + i % 32, (codes[i] & 15) << (part / 2 * 4));
      or(128 + i / 128 * 32 + i % 32, codes[i] >>> 4 << (part * 2));
    }
  }
}
