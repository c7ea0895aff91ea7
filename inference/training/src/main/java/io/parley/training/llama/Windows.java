package io.parley.training.llama;

/**
 * Windows of tokens to learn from, flat and row by row: value {@code w * windowTokens + t} belongs
 * to place {@code t} of window {@code w}.
 *
 * @param count number of rows
 * @param windowTokens length of each row
 * @param tokens the token at each place
 * @param targets the token to be predicted at each place
 * @param targetWeights how much each prediction counts, ≥ 0; 0 leaves it out
 * @param segments which conversation a place belongs to, distinct and rising within a window;
 *     attention stays inside
 * @param positions distance from the conversation's first token in the window, for RoPE
 */
@SuppressWarnings("ArrayRecordComponent") // Compared by nobody; copying would be waste.
public record Windows(
    int count,
    int windowTokens,
    int[] tokens,
    int[] targets,
    float[] targetWeights,
    int[] segments,
    int[] positions) {
  public Windows {
    int places = Math.multiplyExact(count, windowTokens);
    if (tokens.length != places
        || targets.length != places
        || targetWeights.length != places
        || segments.length != places
        || positions.length != places) {
      throw new IllegalArgumentException(
          "every array of a group of windows has " + places + " values");
    }
  }

  /** Number of places. */
  public int size() {
    return tokens.length;
  }

  /** The sum of all target weights: what a mean loss is divided by. */
  public double weight() {
    double sum = 0;
    for (float weight : targetWeights) {
      sum += weight;
    }
    return sum;
  }
}
