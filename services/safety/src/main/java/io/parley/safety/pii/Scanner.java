package io.parley.safety.pii;

/** Finds one or two kinds of data in one text. Belongs to one scan. */
interface Scanner {
  /** Nothing is under way. */
  int NOTHING = Integer.MAX_VALUE;

  /**
   * Reads the next character.
   *
   * @param c {@link Chars#folded}; behind the last one comes {@link Chars#END}
   * @param at its position
   * @param before the character before it; a line break before the first one
   */
  void read(char c, int at, char before);

  /**
   * The first character that may be part of what is not found yet, or {@link #NOTHING}: whatever
   * this scanner finds later begins there or behind it.
   */
  int pendingFrom();
}
