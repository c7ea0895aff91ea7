package io.parley.model.tensor;

import java.util.Optional;

/**
 * How a tensor's numbers are stored. Numbers come in blocks along a row; a row is a whole number of
 * blocks. Codes and layouts are those of ggml (github.com/ggml-org/ggml, {@code ggml.h}).
 */
public enum TensorType {
  /** IEEE 754 binary32. */
  F32(0, 1, 4),
  /** IEEE 754 binary16. */
  F16(1, 1, 2),
  /** The upper half of a binary32. */
  BF16(30, 1, 2),
  /** Blocks of 32: one binary16 scale, then 32 signed bytes; value = scale × byte. */
  Q8_0(8, 32, 34);

  private final int code;
  private final int blockLength;
  private final int blockBytes;

  TensorType(int code, int blockLength, int blockBytes) {
    this.code = code;
    this.blockLength = blockLength;
    this.blockBytes = blockBytes;
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

  /**
   * Bytes that {@code elements} numbers take.
   *
   * @param elements a multiple of {@link #blockLength()}
   * @throws ArithmeticException if the result exceeds a long
   */
  public long bytes(long elements) {
    return Math.multiplyExact(elements / blockLength, (long) blockBytes);
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
