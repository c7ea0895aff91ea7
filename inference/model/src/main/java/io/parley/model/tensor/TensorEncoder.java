package io.parley.model.tensor;

import java.nio.ByteBuffer;

/**
 * Turns floats into the bytes of a {@link TensorType}, rounding to nearest. Types with blocks:
 * {@link BlockEncoder}.
 */
public final class TensorEncoder {
  private TensorEncoder() {}

  /**
   * Appends {@code values[from..to)} to {@code out}, which is little-endian.
   *
   * @param from a multiple of the type's block length, as is {@code to}
   * @throws IllegalArgumentException if a value is not finite, or not in the type's range
   */
  public static void encode(TensorType type, float[] values, int from, int to, ByteBuffer out) {
    requireFinite(values, from, to);
    switch (type) {
      case F32 -> {
        for (int i = from; i < to; i++) {
          out.putFloat(values[i]);
        }
      }
      case F16 -> {
        for (int i = from; i < to; i++) {
          out.putShort(BlockEncoder.half(values[i], i));
        }
      }
      case BF16 -> {
        for (int i = from; i < to; i++) {
          out.putShort(bf16(values[i]));
        }
      }
      default -> {
        BlockEncoder blocks = new BlockEncoder(type);
        for (int i = from; i < to; i += type.blockLength()) {
          blocks.encode(values, i, out);
        }
      }
    }
  }

  private static void requireFinite(float[] values, int from, int to) {
    for (int i = from; i < to; i++) {
      if (!Float.isFinite(values[i])) {
        throw new IllegalArgumentException("value " + i + " is not finite: " + values[i]);
      }
    }
  }

  private static short bf16(float value) {
    int bits = Float.floatToRawIntBits(value);
    return (short) ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16);
  }
}
