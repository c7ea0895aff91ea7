package io.parley.engine.speculation;

/**
 * One way to guess, and how good its guesses were lately, whichever sequence they were for. A new
 * sequence begins with what the others have found out, so that a source that seldom is right does
 * not cost each of them a few steps again. Belongs to one engine; not thread-safe.
 */
public final class GuessSource {
  /** Weight of the newest step in the running mean: it forgets in about a hundred. */
  private static final double NEWEST = 0.01;

  /** While a source does not pay, one sequence in so many tries it all the same. */
  private static final int TRIAL_EVERY = 32;

  private final int mostGuesses;
  private final double guessCost;
  private double rightShare = 1; // it gets a chance first
  private int sequencesWithout;

  /**
   * A source of which nothing is known.
   *
   * @param mostGuesses in one step of a sequence, not negative
   * @param guessCost of one guess, relative to a step of one sequence; from 1 on none ever pays
   */
  GuessSource(int mostGuesses, double guessCost) {
    this.mostGuesses = mostGuesses;
    this.guessCost = guessCost;
  }

  /** Whether a new sequence should use it, because it pays or to find out. */
  public boolean isWorthTrying() {
    boolean tries = pays() || ++sequencesWithout % TRIAL_EVERY == 0;
    return mostGuesses > 0 && tries;
  }

  boolean pays() {
    return rightShare >= guessCost;
  }

  /** For a new sequence that uses it. */
  public DraftLength newLength() {
    return new DraftLength(this);
  }

  int mostGuesses() {
    return mostGuesses;
  }

  double guessCost() {
    return guessCost;
  }

  void checked(int guesses, int right) {
    rightShare += NEWEST * ((double) right / guesses - rightShare);
  }
}
