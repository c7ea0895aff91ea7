package io.parley.model.tensor;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.function.Consumer;

/**
 * A named array of numbers over little-endian bytes.
 *
 * @param dimensions from the innermost: a matrix is {@code [row length, rows]}
 * @param bytes exactly those of the tensor; readable as long as their owner is open
 */
public record Tensor(String name, List<Long> dimensions, TensorType type, TensorBytes bytes) {
  /**
   * Bytes that are in memory at a time while all are read: enough that what it costs to map them
   * does not count, and little beside any model.
   */
  static final long BAND_BYTES = 4L << 20;

  public Tensor {
    dimensions = List.copyOf(dimensions);
    if (dimensions.getFirst() % type.blockLength() != 0
        || bytes.byteSize() != type.bytes(elements(dimensions))) {
      throw new IllegalArgumentException(
          name + ": " + bytes.byteSize() + " bytes are not " + dimensions + " × " + type);
    }
  }

  /** A tensor in memory. */
  public Tensor(String name, List<Long> dimensions, TensorType type, MemorySegment data) {
    this(name, dimensions, type, TensorBytes.of(data));
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
    try (Arena arena = Arena.ofConfined()) {
      type.decode(bytes.part(type.bytes(from), type.bytes(out.length), arena), 0, out);
    }
  }

  /** All numbers; for tensors that fit an array. */
  public float[] values() {
    float[] out = new float[Math.toIntExact(elements())];
    read(0, out);
    return out;
  }

  /**
   * Hands out all rows in order, some at a time. Of a file only those are in memory: whoever makes
   * something else of a tensor does not hold it twice meanwhile.
   */
  public void forEachBand(Consumer<TensorBand> reader) {
    long length = dimensions.getFirst();
    long rows = elements() / length;
    long rowBytes = type.bytes(length);
    int most = (int) Math.max(1, BAND_BYTES / rowBytes);
    for (long first = 0; first < rows; first += most) {
      int count = (int) Math.min(most, rows - first);
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment data = bytes.part(first * rowBytes, count * rowBytes, arena);
        reader.accept(new TensorBand(first, count, length, type, data));
      }
    }
  }
}
