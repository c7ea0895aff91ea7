package io.parley.training.corpus;

import java.util.List;
import java.util.random.RandomGenerator;

/**
 * One thing to say in many ways.
 *
 * @param asks phrasings to learn from
 * @param heldOutAsks phrasings to judge by
 * @param answer what is right for all of them
 */
record Intent(List<String> asks, List<String> heldOutAsks, String answer) {
  /** The intent that a section of a source file writes down. */
  static Intent of(Section section) {
    return new Intent(
        Template.expand(section.lines(Section.ASK)),
        Template.expand(section.lines(Section.ASK_HELD_OUT)),
        section.line(Section.ANSWER));
  }

  /** A phrasing to learn from, written as users write. */
  String trainedAsk(RandomGenerator random) {
    return UserText.vary(random, Draw.one(random, asks));
  }
}
