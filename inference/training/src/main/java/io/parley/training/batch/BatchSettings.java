package io.parley.training.batch;

import io.parley.common.ParleyException;

/**
 * How conversations become batches.
 *
 * @param batchTokens a step takes conversations until they have this many tokens
 * @param windowTokens longest window of an ordinary step; what a conversation has beyond is cut off
 * @param longWindowTokens window of a long step, in which conversations follow one another as turns
 *     of one, so that late positions are trained
 * @param longWindowShare part of all steps that are long, 0 to 1
 * @param userWeight what predicting a token of the user counts, where the assistant's counts 1
 */
public record BatchSettings(
    int batchTokens,
    int windowTokens,
    int longWindowTokens,
    double longWindowShare,
    float userWeight) {
  /** What the models that ship are trained with. */
  public static final BatchSettings DEFAULT = new BatchSettings(1024, 256, 1024, 0.05, 0.1f);

  public BatchSettings {
    require(windowTokens >= 128, "windowTokens", "at least 128");
    require(batchTokens >= windowTokens, "batchTokens", "at least windowTokens");
    require(longWindowShare >= 0 && longWindowShare <= 1, "longWindowShare", "0 to 1");
    require(longWindowTokens >= 128, "longWindowTokens", "at least 128");
    require(userWeight >= 0 && userWeight <= 1, "userWeight", "0 to 1");
  }

  private static void require(boolean holds, String field, String rule) {
    if (!holds) {
      throw ParleyException.invalid("batch." + field + " must be " + rule);
    }
  }
}
