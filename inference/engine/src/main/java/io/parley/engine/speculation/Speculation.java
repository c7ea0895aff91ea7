package io.parley.engine.speculation;

import io.parley.common.ParleyException;

/**
 * Whether and how much an engine guesses ahead. Immutable.
 *
 * @param maxDraftTokens guesses that one sequence has checked in one step, at most; 0 for none
 * @param rowCost what checking one guess costs, relative to the step of one sequence without
 *     guesses: near 0 where steps wait for memory, near 1 where they compute all the time
 */
public record Speculation(int maxDraftTokens, double rowCost) {
  public static final Speculation OFF = new Speculation(0, 1);

  public Speculation {
    if (maxDraftTokens < 0) {
      throw ParleyException.invalid("max_draft_tokens must not be negative: " + maxDraftTokens);
    }
    if (!(rowCost > 0 && rowCost <= 1)) {
      throw ParleyException.invalid("row_cost must be greater than 0 and at most 1: " + rowCost);
    }
  }

  public boolean isOff() {
    return maxDraftTokens == 0;
  }
}
