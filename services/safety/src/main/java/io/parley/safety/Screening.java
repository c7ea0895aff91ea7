package io.parley.safety;

/** What became of a piece of an answer at the output gate. */
public sealed interface Screening {
  /** This much more of the answer may be written. */
  record Released(ReleasedText text) implements Screening {}

  /** The answer ends here; what was held back is never written. */
  record Halted(Refusal refusal) implements Screening {}
}
