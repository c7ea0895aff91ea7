package io.parley.training.llama;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * A few windows of a group in the form the graph takes: only places with a weight become rows of
 * logits.
 *
 * @param rows indices, within the micro-batch, of the places that are predicted
 * @param targets the token to predict at each of {@code rows}
 * @param targetWeights its weight, > 0
 */
@SuppressWarnings("ArrayRecordComponent") // Compared by nobody; copying would be waste.
record MicroBatch(
    int windows,
    int windowTokens,
    int[] tokens,
    int[] segments,
    int[] positions,
    int[] rows,
    int[] targets,
    float[] targetWeights) {

  /** Windows {@code first} (inclusive) to {@code end} (exclusive). */
  static MicroBatch of(Windows group, int first, int end) {
    int from = first * group.windowTokens();
    int to = end * group.windowTokens();
    int[] counted = IntStream.range(from, to).filter(i -> group.targetWeights()[i] > 0).toArray();
    float[] weights = new float[counted.length];
    for (int i = 0; i < counted.length; i++) {
      weights[i] = group.targetWeights()[counted[i]];
    }
    return new MicroBatch(
        end - first,
        group.windowTokens(),
        Arrays.copyOfRange(group.tokens(), from, to),
        Arrays.copyOfRange(group.segments(), from, to),
        Arrays.copyOfRange(group.positions(), from, to),
        Arrays.stream(counted).map(i -> i - from).toArray(),
        Arrays.stream(counted).map(i -> group.targets()[i]).toArray(),
        weights);
  }

  /** Number of places. */
  int size() {
    return tokens.length;
  }

  /** Whether some window holds more than one conversation. */
  boolean crossesSegments() {
    for (int w = 0; w < windows; w++) {
      if (segments[w * windowTokens] != segments[(w + 1) * windowTokens - 1]) {
        return true;
      }
    }
    return false;
  }

  float[] scaledWeights(double totalWeight) {
    float[] scaled = new float[targetWeights.length];
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] = (float) (targetWeights[i] / totalWeight);
    }
    return scaled;
  }
}
