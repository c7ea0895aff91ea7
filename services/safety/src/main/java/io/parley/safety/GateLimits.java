package io.parley.safety;

/**
 * The limits of the gates.
 *
 * @param inputBudgetMs milliseconds that an input gate may take for one prompt from when it begins;
 *     then nothing is generated, and the client may try again
 * @param outputBudgetMs milliseconds that an output gate may take for one piece of an answer; at
 *     the second piece in a row that takes longer the answer is halted
 * @param lookAheadTokens tokens that an answer is held back, 0 for none. A larger window lets the
 *     gate withhold more of what led up to a refusal; its price is that every answer, the first
 *     token included, reaches the client as many tokens of generation later
 */
public record GateLimits(long inputBudgetMs, long outputBudgetMs, int lookAheadTokens) {
  public static final GateLimits DEFAULTS = new GateLimits(50, 50, 12);

  public GateLimits {
    if (inputBudgetMs < 1 || outputBudgetMs < 1) {
      throw new IllegalArgumentException("a gate's budget must be at least 1 ms");
    }
    if (lookAheadTokens < 0) {
      throw new IllegalArgumentException("lookAheadTokens must not be negative");
    }
  }
}
