package io.parley.chat.search;

/**
 * A word of a text.
 *
 * @param folded as it is compared: in small letters and without accents
 * @param start where it begins in the text, in UTF-16 units
 * @param end where it ends
 */
record Word(String folded, int start, int end) {
  static final int MIN_PREFIX_CHARS = 3;
  static final int MAX_PREFIX_CHARS = 12;

  /** Whether a query for this word finds that one: the same, or a longer one that begins so. */
  boolean finds(Word other) {
    return folded.equals(other.folded) || (isPrefix() && other.folded.startsWith(folded));
  }

  /** Whether it is also looked for as the beginning of a longer word. */
  boolean isPrefix() {
    return folded.length() >= MIN_PREFIX_CHARS && folded.length() <= MAX_PREFIX_CHARS;
  }
}
