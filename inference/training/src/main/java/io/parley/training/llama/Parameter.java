package io.parley.training.llama;

/**
 * One tensor's place in the flat array of weights (and, alike, of gradients and moments).
 *
 * @param name the tensor's name in a GGUF file
 * @param offset index of its first value
 * @param rows outputs of the linear map, or 1 for a vector
 * @param columns inputs of the linear map, or the vector's length; values of a row are adjacent
 */
public record Parameter(String name, int offset, int rows, int columns) {
  public int size() {
    return rows * columns;
  }

  /** A norm's gain: not decayed, not quantised. */
  public boolean isVector() {
    return rows == 1;
  }
}
