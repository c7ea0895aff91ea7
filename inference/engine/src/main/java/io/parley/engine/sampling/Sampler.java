package io.parley.engine.sampling;

import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import java.util.random.RandomGenerator;

/**
 * Draws tokens by temperature, then top-k, then top-p (nucleus sampling: Holtzman et al., "The
 * Curious Case of Neural Text Degeneration", 2019).
 *
 * <p>A draw takes exactly one number from the generator, and depends on nothing but the logits, the
 * parameters and that number: what else is in a batch makes no difference. Of tokens that are
 * equally probable the one with the lowest id comes first.
 */
public final class Sampler {
  private final Weights weights;
  private final Ranking ranking;

  public Sampler(int vocabularySize) {
    weights = new Weights(vocabularySize);
    ranking = new Ranking(weights);
  }

  /**
   * Draws one token.
   *
   * @param logits the row begins at {@code offset} and is as long as the vocabulary
   * @throws ParleyException API if one of the logits is not a finite number
   */
  public int sample(
      float[] logits, int offset, SamplingParameters parameters, RandomGenerator random) {
    int best = mostProbable(logits, offset);
    if (parameters.temperature() == 0) {
      return best;
    }
    weights.fill(logits, offset, logits[offset + best], parameters.temperature());
    double uniform = random.nextDouble();
    int topK =
        parameters.topK() == 0 ? weights.size() : Math.min(parameters.topK(), weights.size());
    return topK == weights.size() && parameters.topP() == 1
        ? weights.tokenAt(uniform * weights.total())
        : drawFromBest(uniform, topK, parameters.topP());
  }

  private int mostProbable(float[] logits, int offset) {
    int best = 0;
    for (int token = 0; token < weights.size(); token++) {
      float logit = logits[offset + token];
      if (!Float.isFinite(logit)) {
        throw new ParleyException(
            ErrorCode.API, "the model gave the logit %s for token %d".formatted(logit, token));
      }
      if (logit > logits[offset + best]) {
        best = token;
      }
    }
    return best;
  }

  private int drawFromBest(double uniform, int topK, double topP) {
    ranking.reset();
    double enough = topP * weightOfBest(topK);
    double sum = 0;
    int kept = 0;
    while (kept < topK && sum < enough) {
      sum += ranking.weight(kept++);
    }
    return tokenAt(uniform * sum, kept);
  }

  private double weightOfBest(int count) {
    if (count == weights.size()) {
      return weights.total();
    }
    double sum = 0;
    for (int rank = 0; rank < count; rank++) {
      sum += ranking.weight(rank);
    }
    return sum;
  }

  /**
   * The token in whose share the target lies, the best {@code kept} being laid out by their ranks.
   */
  private int tokenAt(double target, int kept) {
    double rest = target;
    int rank = 0;
    while (rank < kept - 1 && rest >= ranking.weight(rank)) {
      rest -= ranking.weight(rank++);
    }
    return ranking.token(rank);
  }
}
