package io.parley.engine.sampling;

import io.parley.common.ParleyException;

/**
 * How tokens are drawn.
 *
 * @param temperature in [0, 2]; 0 takes the most probable token and draws nothing
 * @param topK draw among this many most probable tokens; 0 for all
 * @param topP draw among the fewest most probable tokens that reach this share of the probability
 *     that top-k left, in (0, 1]
 * @param seed where the sequence's own random numbers begin
 */
public record SamplingParameters(double temperature, int topK, double topP, long seed) {
  /** Always the most probable token. */
  public static final SamplingParameters GREEDY = new SamplingParameters(0, 0, 1, 0);

  public SamplingParameters {
    if (!(temperature >= 0 && temperature <= 2)) {
      throw ParleyException.invalid("temperature must be in [0, 2]: " + temperature);
    }
    if (topK < 0) {
      throw ParleyException.invalid("top_k must not be negative: " + topK);
    }
    if (!(topP > 0 && topP <= 1)) {
      throw ParleyException.invalid("top_p must be in (0, 1]: " + topP);
    }
  }
}
