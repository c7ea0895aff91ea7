package io.parley.engine;

import io.parley.common.ParleyException;

/**
 * What tokens cost in compute; the unit is a prompt token at position 0.
 *
 * <p>A token at position p goes through the weights once, whatever p is, and reads the keys and
 * values of the p positions before it. It therefore costs {@code (1 + p / attentionPosition)} times
 * what it would cost at position 0: whoever fills long contexts pays for them.
 *
 * @param prefillToken a prompt token at position 0, greater than 0
 * @param decodeToken a generated token at position 0, greater than 0. It costs more than a prompt
 *     token, because a step of few tokens reads all weights for the few
 * @param attentionPosition the position at which attention costs as much as all else, greater than
 *     0; infinite if attention costs nothing
 */
public record TokenCost(double prefillToken, double decodeToken, double attentionPosition) {
  /** As in the paper's experiments, and near what services charge. */
  public static final double DEFAULT_DECODE_TOKEN = 2;

  /** For a model whose shape is not known. */
  public static final TokenCost DEFAULT = new TokenCost(1, DEFAULT_DECODE_TOKEN, 8192);

  public TokenCost {
    if (!(prefillToken > 0 && prefillToken < Double.POSITIVE_INFINITY)) {
      throw ParleyException.invalid("prefill_token must be greater than 0: " + prefillToken);
    }
    if (!(decodeToken > 0 && decodeToken < Double.POSITIVE_INFINITY)) {
      throw ParleyException.invalid("decode_token must be greater than 0: " + decodeToken);
    }
    if (!(attentionPosition > 0)) {
      throw ParleyException.invalid(
          "attention_position must be greater than 0: " + attentionPosition);
    }
  }

  /**
   * The cost of a decoder by its number of multiplications: a token takes one for each weight, and
   * 2 × layers × queryWidth for each position that it attends to (query by key, and score by
   * value).
   *
   * @param weights of all matrices that a token goes through
   * @param queryWidth width of all query heads together
   */
  public static TokenCost ofDecoder(long weights, int layers, int queryWidth) {
    return new TokenCost(1, DEFAULT_DECODE_TOKEN, weights / (2.0 * layers * queryWidth));
  }

  /** Cost of the prompt tokens at the positions {@code from} (inclusive) to {@code to}. */
  public double prefill(int from, int to) {
    return prefillToken * positions(from, to);
  }

  /** Cost of the generated tokens at the positions {@code from} (inclusive) to {@code to}. */
  public double decode(int from, int to) {
    return decodeToken * positions(from, to);
  }

  /** The sum of {@code 1 + p / attentionPosition} over the positions. */
  private double positions(int from, int to) {
    double count = Math.max(0, to - from);
    double meanPosition = (from + to - 1.0) / 2;
    return count * (1 + meanPosition / attentionPosition);
  }
}
