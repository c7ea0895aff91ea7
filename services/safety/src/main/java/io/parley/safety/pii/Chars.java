package io.parley.safety.pii;

/** What the scanners tell apart in characters. */
final class Chars {
  /** Stands behind the last character of a text; part of nothing. */
  static final char END = '\0';

  /** From here on writing has no blanks between words: ideographs, kana, hangul. */
  private static final char WORDS_WITHOUT_BLANKS = '\u2E80';

  private static final String NO_NUMBER_AFTER = "._-/#$€£¥@%&\\+";

  private static final boolean[] ASCII_WORD = new boolean[0x80];

  static {
    for (char c = 0; c < ASCII_WORD.length; c++) {
      ASCII_WORD[c] = isAsciiLetter(c) || isDigit(c);
    }
  }

  private Chars() {}

  /** Makes the forms that look alike one: full-width characters, blanks, hyphens. */
  static char folded(char c) {
    if (c < 0x80) {
      return c;
    }
    if (c >= '\uFF01' && c <= '\uFF5E') {
      return (char) (c - 0xFEE0);
    }
    return switch (c) {
      case '\u00A0', '\u2007', '\u2009', '\u202F' -> ' ';
      case '\u2010', '\u2011', '\u2012', '\u2013' -> '-';
      default -> c;
    };
  }

  static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  static boolean isAsciiLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }

  /** Letters and digits that make one word with their neighbours. */
  static boolean isWord(char c) {
    return c < 0x80 ? ASCII_WORD[c] : c < WORDS_WITHOUT_BLANKS && Character.isLetterOrDigit(c);
  }

  /** The alphabet of base64url, in which tokens are written. */
  static boolean isToken(char c) {
    return isAsciiLetter(c) || isDigit(c) || c == '-' || c == '_';
  }

  /** Whether a number of its own may begin behind this character. */
  static boolean mayPrecedeNumber(char c) {
    return !isWord(c) && NO_NUMBER_AFTER.indexOf(c) < 0;
  }
}
