package io.parley.model.tensor;

import java.lang.foreign.MemorySegment;

/**
 * Some rows of a tensor, in memory.
 *
 * @param first row of the tensor with which they begin
 * @param count how many
 * @param length numbers in a row
 * @param data exactly their bytes; readable only while the caller that was handed them runs
 */
public record TensorBand(long first, int count, long length, TensorType type, MemorySegment data) {
  /**
   * Decodes one row.
   *
   * @param row counted from the first of these
   * @param out as long as a row
   */
  public void read(int row, float[] out) {
    type.decode(data, row * type.bytes(length), out);
  }
}
