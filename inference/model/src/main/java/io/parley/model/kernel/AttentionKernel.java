package io.parley.model.kernel;

/**
 * Attention of one query head over the blocks of a paged cache, for one head size and block length.
 * Immutable and thread-safe.
 *
 * <p>In a block, keys are stored by dimension ({@code keys[at + dimension × blockTokens + slot]}),
 * so that neighbours in memory are neighbours in the sequence; values are stored by slot ({@code
 * values[at + slot × headSize + dimension]}).
 */
public interface AttentionKernel {
  /**
   * Scores the slots of one block: {@code out[outAt + slot] = (query · key of the slot) /
   * √headSize}.
   *
   * @param count slots that are in use, 1 to blockTokens; up to blockTokens scores are written, of
   *     which only the first {@code count} mean anything
   */
  void score(
      float[] query, int queryAt, float[] keys, int keysAt, int count, float[] out, int outAt);

  /**
   * Turns scores into weights: {@code exp(score - largest)} each.
   *
   * @return the sum of the weights, at least 1
   */
  float weigh(float[] scores, int count);

  /** Adds the values of one block's first {@code count} slots, each times its weight. */
  void addValues(
      float[] weights,
      int weightsAt,
      float[] values,
      int valuesAt,
      int count,
      float[] out,
      int outAt);
}
