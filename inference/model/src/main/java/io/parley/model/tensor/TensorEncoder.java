package io.parley.model.tensor;

import java.nio.ByteBuffer;

/**
 * Turns floats into the bytes of a {@link TensorType}, rounding to nearest. Q8_0 is ggml's
 * reference quantiser ({@code quantize_row_q8_0_ref}): scale = largest magnitude / 127.
 */
public final class TensorEncoder {
  private static final float LARGEST_F16 = 65504;

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
          out.putShort(f16(values[i], i));
        }
      }
      case BF16 -> {
        for (int i = from; i < to; i++) {
          out.putShort(bf16(values[i]));
        }
      }
      case Q8_0 -> {
        for (int i = from; i < to; i += 32) {
          encodeQ80Block(values, i, out);
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

  private static short f16(float value, int index) {
    if (Math.abs(value) > LARGEST_F16) {
      throw new IllegalArgumentException("value " + index + " exceeds binary16: " + value);
    }
    return Float.floatToFloat16(value);
  }

  private static short bf16(float value) {
    int bits = Float.floatToRawIntBits(value);
    return (short) ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16);
  }

  private static void encodeQ80Block(float[] values, int from, ByteBuffer out) {
    float largest = 0;
    for (int i = from; i < from + 32; i++) {
      largest = Math.max(largest, Math.abs(values[i]));
    }
    float scale = largest / 127;
    float inverse = scale == 0 ? 0 : 1 / scale;
    out.putShort(f16(scale, from));
    for (int i = from; i < from + 32; i++) {
      out.put((byte) roundHalfAway(values[i] * inverse));
    }
  }

  private static int roundHalfAway(float x) {
    return x < 0 ? -(int) (0.5f - x) : (int) (x + 0.5f);
  }
}
