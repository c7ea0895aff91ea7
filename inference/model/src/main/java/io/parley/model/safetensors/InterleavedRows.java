package io.parley.model.safetensors;

import io.parley.model.tensor.TensorBytes;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Queries or keys as GGUF orders them: rows i and i + half of each head stand beside each other.
 * They are put so when they are read, a few heads at a time.
 *
 * @param bytes of whole heads
 * @param headRows rows of a head, an even number
 */
record InterleavedRows(TensorBytes bytes, long rowBytes, int headRows) implements TensorBytes {
  @Override
  public long byteSize() {
    return bytes.byteSize();
  }

  @Override
  public MemorySegment part(long offset, long length, Arena arena) {
    long headBytes = rowBytes * headRows;
    long begin = offset / headBytes * headBytes;
    long end = Math.ceilDiv(offset + length, headBytes) * headBytes;
    MemorySegment heads = bytes.part(begin, end - begin, arena);
    MemorySegment out = arena.allocate(length);
    for (long done = 0; done < length; ) {
      long at = offset + done;
      long inRow = at % rowBytes;
      long some = Math.min(rowBytes - inRow, length - done);
      MemorySegment.copy(heads, source(at / rowBytes) * rowBytes + inRow - begin, out, done, some);
      done += some;
    }
    return out;
  }

  /** The row of the file that stands at a row of ours. */
  private long source(long row) {
    long inHead = row % headRows;
    return row - inHead + inHead / 2 + (inHead % 2) * (headRows / 2);
  }
}
