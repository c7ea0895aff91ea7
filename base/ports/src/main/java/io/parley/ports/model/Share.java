package io.parley.ports.model;

/**
 * What an organisation may have of a model's compute beside others.
 *
 * @param weight its part between organisations that both have work, greater than 0; 2 gets twice
 *     what 1 gets
 * @param maxRunning its generations that one model runs at the same time, at least 1; more of them
 *     wait
 */
public record Share(double weight, int maxRunning) {
  /** What everybody has if nobody is told apart: weight 1, and no cap. */
  public static final Share EQUAL = new Share(1, Integer.MAX_VALUE);

  public Share {
    if (!(weight > 0 && weight < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("weight must be greater than 0: " + weight);
    }
    if (maxRunning < 1) {
      throw new IllegalArgumentException("maxRunning must be at least 1: " + maxRunning);
    }
  }
}
