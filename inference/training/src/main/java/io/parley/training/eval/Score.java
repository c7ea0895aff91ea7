package io.parley.training.eval;

/**
 * How a model did in one category.
 *
 * @param cases questions asked, at least 1
 * @param exact answers that were right to the character
 */
public record Score(String category, int cases, int exact) {
  /** Exact answers per hundred cases, in [0, 100]. */
  public double percent() {
    return 100.0 * exact / cases;
  }
}
