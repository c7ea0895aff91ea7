package io.parley.engine.speculation;

import io.parley.common.ParleyException;

/**
 * Whether and how much an engine guesses ahead. Immutable.
 *
 * @param maxDraftTokens guesses that one sequence has checked in one step, at most; 0 for none
 * @param rowCost what checking one guess costs, relative to the step of one sequence without
 *     guesses: near 0 where steps wait for memory, near 1 where they compute all the time
 * @param draftCost what one guess of a draft model costs beyond that, relative to the same step;
 *     infinite if there is no draft model
 */
public record Speculation(int maxDraftTokens, double rowCost, double draftCost) {
  public static final Speculation OFF = new Speculation(0, 1);

  /** Guesses without a draft model. */
  public Speculation(int maxDraftTokens, double rowCost) {
    this(maxDraftTokens, rowCost, Double.POSITIVE_INFINITY);
  }

  public Speculation {
    if (maxDraftTokens < 0) {
      throw ParleyException.invalid("max_draft_tokens must not be negative: " + maxDraftTokens);
    }
    if (!(rowCost > 0 && rowCost <= 1)) {
      throw ParleyException.invalid("row_cost must be greater than 0 and at most 1: " + rowCost);
    }
    if (!(draftCost > 0)) {
      throw ParleyException.invalid("draft_cost must be greater than 0: " + draftCost);
    }
  }

  public boolean isOff() {
    return maxDraftTokens == 0;
  }
}
