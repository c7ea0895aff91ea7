package io.parley.ports.model;

import java.util.OptionalLong;

/**
 * How the next token is drawn.
 *
 * @param temperature in [0, 2]; 0 takes the most probable token
 * @param topK draw among this many most probable tokens; 0 for all
 * @param topP draw among the fewest tokens whose probabilities reach this sum, in (0, 1]
 * @param seed makes the draws repeatable; empty for a fresh seed
 */
public record Sampling(double temperature, int topK, double topP, OptionalLong seed) {
  /** Always the most probable token. */
  public static final Sampling GREEDY = new Sampling(0, 0, 1, OptionalLong.empty());

  public Sampling {
    if (!(temperature >= 0 && temperature <= 2)) {
      throw new IllegalArgumentException("temperature must be in [0, 2]: " + temperature);
    }
    if (topK < 0) {
      throw new IllegalArgumentException("topK must not be negative: " + topK);
    }
    if (!(topP > 0 && topP <= 1)) {
      throw new IllegalArgumentException("topP must be in (0, 1]: " + topP);
    }
  }
}
