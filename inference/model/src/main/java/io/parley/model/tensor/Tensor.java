package io.parley.model.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.List;

/**
 * A named array of numbers over little-endian bytes.
 *
 * @param dimensions from the innermost: a matrix is {@code [row length, rows]}
 * @param data exactly the bytes of the tensor; readable as long as their owner is open
 */
public record Tensor(String name, List<Long> dimensions, TensorType type, MemorySegment data) {
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  public Tensor {
    dimensions = List.copyOf(dimensions);
    if (elements(dimensions) % type.blockLength() != 0
        || data.byteSize() != type.bytes(elements(dimensions))) {
      throw new IllegalArgumentException(
          name + ": " + data.byteSize() + " bytes are not " + dimensions + " × " + type);
    }
  }

  /** How many numbers there are. */
  public long elements() {
    return elements(dimensions);
  }

  private static long elements(List<Long> dimensions) {
    return dimensions.stream().reduce(1L, Math::multiplyExact);
  }

  /**
   * Decodes {@code out.length} numbers from number {@code from} on.
   *
   * @param from a multiple of the type's block length, as is {@code out.length}
   */
  public void read(long from, float[] out) {
    long offset = type.bytes(from);
    switch (type) {
      case F32 -> readF32(offset, out);
      case F16 -> readF16(offset, out);
      case BF16 -> readBf16(offset, out);
      default -> readBlocks(offset, out);
    }
  }

  private void readF32(long offset, float[] out) {
    for (int i = 0; i < out.length; i++) {
      out[i] = Float.intBitsToFloat(data.get(INT, offset + 4L * i));
    }
  }

  private void readF16(long offset, float[] out) {
    for (int i = 0; i < out.length; i++) {
      out[i] = Float.float16ToFloat(data.get(SHORT, offset + 2L * i));
    }
  }

  private void readBf16(long offset, float[] out) {
    for (int i = 0; i < out.length; i++) {
      out[i] = Float.intBitsToFloat(data.get(SHORT, offset + 2L * i) << 16);
    }
  }

  private void readBlocks(long offset, float[] out) {
    BlockCodes block = new BlockCodes(type);
    int length = type.blockLength();
    for (int i = 0; i < out.length; i++) {
      if (i % length == 0) {
        block.read(data, offset + type.bytes(i));
      }
      out[i] = block.value(i % length);
    }
  }

  /** All numbers; for tensors that fit an array. */
  public float[] values() {
    float[] out = new float[Math.toIntExact(elements())];
    read(0, out);
    return out;
  }
}
