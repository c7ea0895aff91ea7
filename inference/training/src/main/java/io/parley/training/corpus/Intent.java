package io.parley.training.corpus;

/**
 * One thing to say in many ways.
 *
 * @param asks the ways
 * @param answer what is right for all of them
 */
record Intent(Phrasings asks, String answer) {
  /** The intent that a section of a source file writes down. */
  static Intent of(Section section) {
    return new Intent(Phrasings.of(section), section.line(Section.ANSWER));
  }
}
