package io.parley.engine.speculation;

/**
 * How many guesses are worth checking for one sequence, learned from how its guesses turned out.
 *
 * <p>A right guess saves a step; a wrong one costs its row, and what it took to make it. So
 * guessing pays as long as the share of right guesses is above what one costs. The share is a
 * running mean; where it falls below, there are no guesses for a while, twice as long each time,
 * and then one more try. While it pays, the number of guesses doubles when all were right and falls
 * to what was right when not.
 */
public final class DraftLength {
  /** Weight of the newest outcome in the running mean: it forgets in about five steps. */
  private static final double NEWEST = 0.2;

  private static final int FIRST_PAUSE_TOKENS = 8;

  /** A sequence that begins to quote is noticed at the latest after so many tokens. */
  private static final int LONGEST_PAUSE_TOKENS = 256;

  private final GuessSource source;
  private int length;
  private double rightShare;
  private int pauseTokens = FIRST_PAUSE_TOKENS;
  private int tokensToWait;

  /** For a new sequence: where the source does not pay for others, this one pauses first. */
  DraftLength(GuessSource source) {
    this.source = source;
    this.length = Math.min(2, source.mostGuesses());
    this.rightShare = 1;
    if (!source.pays()) {
      pause();
    }
  }

  /** Guesses to check in the next step, at most; 0 while guessing does not pay. */
  public int next() {
    return tokensToWait > 0 ? 0 : length;
  }

  /**
   * Learns from a step.
   *
   * @param guesses how many were checked, maybe none
   * @param right how many of them were right
   */
  public void checked(int guesses, int right) {
    if (guesses == 0) {
      tokensToWait = Math.max(0, tokensToWait - 1);
      return;
    }
    source.checked(guesses, right);
    rightShare += NEWEST * ((double) right / guesses - rightShare);
    length = right == guesses ? Math.min(source.mostGuesses(), 2 * length) : Math.max(1, right);
    if (rightShare < source.guessCost()) {
      pause();
    } else if (right > 0) {
      pauseTokens = FIRST_PAUSE_TOKENS;
    }
  }

  /** After a pause the next outcome decides alone. */
  private void pause() {
    tokensToWait = pauseTokens;
    pauseTokens = Math.min(LONGEST_PAUSE_TOKENS, 2 * pauseTokens);
    rightShare = source.guessCost();
    length = Math.min(1, source.mostGuesses());
  }
}
