package io.parley.model.kernel;

/**
 * Attention of query heads over the blocks of a paged cache, for one head size and block length.
 * Immutable and thread-safe.
 *
 * <p>Four queries go together, so that a key or value that has been loaded serves four of them:
 * rows of one sequence, or query heads that share a key head. Each result is the same as alone. In
 * a block, keys are stored by dimension ({@code keys[at + dimension × blockTokens + slot]}), so
 * that neighbours in memory are neighbours in the sequence; values are stored by slot ({@code
 * values[at + slot × headSize + dimension]}).
 */
public interface AttentionKernel {
  /** Queries that go together. */
  int QUERIES = 4;

  /**
   * Scores all slots of some blocks: {@code scores[scoresAt + q × scoresStride + b × blockTokens +
   * slot] = (query q · key of the slot in block b) × scale}. Slots that are not in use get scores
   * that mean nothing.
   *
   * @param queries {@link #QUERIES} of them, one after the other
   * @param keys {@code blocks} of them, one after the other
   */
  void score(
      float[] queries,
      int queriesAt,
      float[] keys,
      int keysAt,
      int blocks,
      float[] scores,
      int scoresAt,
      int scoresStride);

  /**
   * Turns {@code count} scores of one query into weights: {@code exp(score - largest)} each.
   *
   * @return the sum of the weights, at least 1
   */
  float weigh(float[] scores, int at, int count);

  /**
   * Adds {@code count} values, one after the other, each times its weight, to {@link #QUERIES}
   * results of headSize floats.
   */
  void addValues(
      float[] weights,
      int weightsAt,
      int weightsStride,
      float[] values,
      int valuesAt,
      int count,
      float[] out,
      int outAt);

  /** The same for one query. */
  void addValuesToOne(
      float[] weights,
      int weightsAt,
      float[] values,
      int valuesAt,
      int count,
      float[] out,
      int outAt);
}
