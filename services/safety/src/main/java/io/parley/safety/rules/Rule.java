package io.parley.safety.rules;

import io.parley.safety.shape.Shape;
import java.util.List;
import java.util.Set;

/** One line or block of a rule file. */
sealed interface Rule {
  String category();

  Set<Side> sides();

  /** Which gate a rule is for. */
  enum Side {
    INPUT,
    OUTPUT
  }

  /**
   * Words of every group, close to each other.
   *
   * @param withinWords how many words the nearest hits of all groups may span, at least 1
   * @param groups in each group alternatives: phrases of lower-case words
   */
  record Near(String category, Set<Side> sides, int withinWords, List<List<String>> groups)
      implements Rule {}

  /** A string of a fixed form. */
  record Shaped(String category, Set<Side> sides, Shape shape) implements Rule {}
}
