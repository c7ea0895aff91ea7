package io.parley.model.gguf;

import io.parley.model.tensor.TensorType;

/**
 * A tensor to be written.
 *
 * @param dimensions from the innermost: a matrix is {@code [row length, rows]}; one to four, each
 *     at least 1
 * @param type how it is stored; the row length must be a multiple of its block length
 * @param values as many as the product of the dimensions, all finite; not copied
 */
@SuppressWarnings("ArrayRecordComponent") // Compared by nobody; copying weights would be waste.
public record TensorData(String name, long[] dimensions, TensorType type, float[] values) {
  public TensorData {
    if (dimensions.length < 1 || dimensions.length > GgufFormat.MAX_DIMENSIONS) {
      throw new IllegalArgumentException(name + ": 1 to 4 dimensions, not " + dimensions.length);
    }
    long elements = 1;
    for (long dimension : dimensions) {
      if (dimension < 1) {
        throw new IllegalArgumentException(name + ": a dimension must be at least 1");
      }
      elements = Math.multiplyExact(elements, dimension);
    }
    if (elements != values.length) {
      throw new IllegalArgumentException(
          name + ": " + values.length + " values for " + elements + " elements");
    }
    if (dimensions[0] % type.blockLength() != 0) {
      throw new IllegalArgumentException(
          name + ": row length " + dimensions[0] + " is no multiple of " + type.blockLength());
    }
  }
}
