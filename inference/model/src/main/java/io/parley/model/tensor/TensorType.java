package io.parley.model.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a tensor's numbers are stored. Numbers come in blocks along a row; a row is a whole number of
 * blocks. Codes and layouts are those of ggml (github.com/ggml-org/ggml, {@code ggml.h}).
 */
public enum TensorType {
  /** IEEE 754 binary32. */
  F32(0, 1, 4, null),
  /** IEEE 754 binary16. */
  F16(1, 1, 2, null),
  /** The upper half of a binary32. */
  BF16(30, 1, 2, null),
  /** Blocks of 32: one binary16 scale, then 32 signed bytes; value = scale × byte. */
  Q8_0(8, 32, 34, new QuantizedLayout(8, 32, false, 0, false, BlockCodes::q80)),
  /** Blocks of 32: one binary16 scale and 32 nibbles; value = scale × (nibble − 8). */
  Q4_0(2, 32, 18, new QuantizedLayout(4, 32, false, -8, false, BlockCodes::q40)),
  /** Blocks of 32: binary16 scale and minimum, 32 nibbles; value = scale × nibble + minimum. */
  Q4_1(3, 32, 20, new QuantizedLayout(4, 32, true, 0, false, BlockCodes::q41)),
  /** As Q4_0 with a fifth bit; value = scale × (code − 16). */
  Q5_0(6, 32, 22, new QuantizedLayout(8, 32, false, 0, false, BlockCodes::q50)),
  /** As Q4_1 with a fifth bit. */
  Q5_1(7, 32, 24, new QuantizedLayout(8, 32, true, 0, false, BlockCodes::q51)),
  /** Blocks of 256 nibbles in 8 groups, each with a scale and a minimum of 6 bits. */
  Q4_K(12, 256, 144, new QuantizedLayout(4, 32, true, 0, true, BlockCodes::q4k)),
  /** As Q4_K with a fifth bit. */
  Q5_K(13, 256, 176, new QuantizedLayout(8, 32, true, 0, true, BlockCodes::q5k)),
  /** Blocks of 256 codes of 6 bits in 16 groups, each with a signed scale of 8 bits. */
  Q6_K(14, 256, 210, new QuantizedLayout(8, 16, false, 0, true, BlockCodes::q6k));

  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final int code;
  private final int blockLength;
  private final int blockBytes;

  @SuppressWarnings("ImmutableEnumChecker") // Its function holds no state.
  @Nullable
  private final QuantizedLayout quantized;

  TensorType(int code, int blockLength, int blockBytes, @Nullable QuantizedLayout quantized) {
    this.code = code;
    this.blockLength = blockLength;
    this.blockBytes = blockBytes;
    this.quantized = quantized;
  }

  /** The number that stands for this type in a file. */
  public int code() {
    return code;
  }

  /** Numbers in a block. */
  public int blockLength() {
    return blockLength;
  }

  /** Bytes of a block. */
  public int blockBytes() {
    return blockBytes;
  }

  /** How the numbers of a block are scaled; empty for the types of floats. */
  public Optional<QuantizedLayout> quantized() {
    return Optional.ofNullable(quantized);
  }

  /**
   * Bytes that {@code elements} numbers take.
   *
   * @param elements a multiple of {@link #blockLength()}
   * @throws ArithmeticException if the result exceeds a long
   */
  public long bytes(long elements) {
    return Math.multiplyExact(elements / blockLength, (long) blockBytes);
  }

  /**
   * Decodes {@code out.length} numbers, whole blocks of them.
   *
   * @param offset of the first block, in bytes
   */
  void decode(MemorySegment data, long offset, float[] out) {
    switch (this) {
      case F32 -> decodeF32(data, offset, out);
      case F16 -> decodeF16(data, offset, out);
      case BF16 -> decodeBf16(data, offset, out);
      default -> decodeBlocks(data, offset, out);
    }
  }

  private static void decodeF32(MemorySegment data, long offset, float[] out) {
    for (int i = 0; i < out.length; i++) {
      out[i] = Float.intBitsToFloat(data.get(INT, offset + 4L * i));
    }
  }

  private static void decodeF16(MemorySegment data, long offset, float[] out) {
    for (int i = 0; i < out.length; i++) {
      out[i] = Float.float16ToFloat(data.get(SHORT, offset + 2L * i));
    }
  }

  private static void decodeBf16(MemorySegment data, long offset, float[] out) {
    for (int i = 0; i < out.length; i++) {
      out[i] = Float.intBitsToFloat(data.get(SHORT, offset + 2L * i) << 16);
    }
  }

  private void decodeBlocks(MemorySegment data, long offset, float[] out) {
    BlockCodes block = new BlockCodes(this);
    for (int i = 0; i < out.length; i++) {
      if (i % blockLength == 0) {
        block.read(data, offset + bytes(i));
      }
      out[i] = block.value(i % blockLength);
    }
  }

  /** The type with this code, empty if it is not supported. */
  public static Optional<TensorType> of(int code) {
    for (TensorType type : values()) {
      if (type.code == code) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }
}
