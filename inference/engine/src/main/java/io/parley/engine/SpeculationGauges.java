package io.parley.engine;

/**
 * What guessing ahead was worth so far. Immutable.
 *
 * @param guessesChecked tokens that were computed without having been drawn
 * @param guessesRight of these, how many were then drawn: each saved a step of its sequence
 */
public record SpeculationGauges(long guessesChecked, long guessesRight) {
  public static final SpeculationGauges UNUSED = new SpeculationGauges(0, 0);

  SpeculationGauges after(SpeculationGauges earlier) {
    return new SpeculationGauges(
        earlier.guessesChecked + guessesChecked, earlier.guessesRight + guessesRight);
  }
}
