package io.parley.model.tensor;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Bytes that stay where they are, in memory or in a file, until a part of them is wanted. Immutable
 * and thread-safe.
 */
public interface TensorBytes {
  /** How many there are. */
  long byteSize();

  /**
   * Makes bytes [offset, offset + length) readable until the arena is closed.
   *
   * @throws IndexOutOfBoundsException if they are not all there
   */
  MemorySegment part(long offset, long length, Arena arena);

  /** Bytes that are in memory, readable as long as their own arena is open. */
  static TensorBytes of(MemorySegment segment) {
    return new TensorBytes() {
      @Override
      public long byteSize() {
        return segment.byteSize();
      }

      @Override
      public MemorySegment part(long offset, long length, Arena arena) {
        return segment.asSlice(offset, length);
      }
    };
  }
}
