package io.parley.engine.speculation;

/**
 * The ways to guess that an engine has.
 *
 * @param lookup finds repetitions ({@link PromptLookup})
 * @param draft a small model
 */
public record GuessSources(GuessSource lookup, GuessSource draft) {
  /** Sources of which nothing is known yet. */
  public static GuessSources of(Speculation settings) {
    int most = settings.maxDraftTokens();
    boolean draftModel = settings.draftCost() < Double.POSITIVE_INFINITY;
    return new GuessSources(
        new GuessSource(most, settings.rowCost()),
        draftModel ? new GuessSource(most, draftGuessCost(settings)) : new GuessSource(0, 1));
  }

  /** The small model computes one token more than it guesses: that which was drawn last. */
  private static double draftGuessCost(Speculation settings) {
    int most = Math.max(1, settings.maxDraftTokens());
    return settings.rowCost() + settings.draftCost() * (most + 1) / most;
  }
}
