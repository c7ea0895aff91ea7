package io.parley.safety.rules;

import java.text.Normalizer;

/**
 * Folds characters to the few symbols that near rules tell apart, so that case, accents and look of
 * a letter do not matter: 26 letters, 10 digits, one symbol for every other letter, one for all
 * that separates words. Invisible characters and combining marks have no symbol.
 */
final class Letters {
  static final int SYMBOLS = 38;
  static final int SEPARATOR = 36;
  static final int OTHER_LETTER = 37;
  static final int INVISIBLE = -1;

  private static final byte[] FOLDED = new byte[1 << 16];

  static {
    for (int c = 0; c < FOLDED.length; c++) {
      FOLDED[c] = (byte) fold((char) c);
    }
  }

  private Letters() {}

  /** The symbol of a UTF-16 unit, in [0, {@value #SYMBOLS}), or {@link #INVISIBLE}. */
  static int symbol(char c) {
    return FOLDED[c];
  }

  private static int fold(char c) {
    if (invisible(c)) {
      return INVISIBLE;
    }
    char base = latinVariant(c) ? base(c) : c;
    if (base >= 'a' && base <= 'z') {
      return base - 'a';
    }
    if (base >= 'A' && base <= 'Z') {
      return base - 'A';
    }
    if (base >= '0' && base <= '9') {
      return 26 + base - '0';
    }
    return Character.isLetterOrDigit(c) || Character.isSurrogate(c) ? OTHER_LETTER : SEPARATOR;
  }

  private static boolean invisible(char c) {
    int type = Character.getType(c);
    return type == Character.FORMAT || type == Character.NON_SPACING_MARK;
  }

  /** Accented Latin, letter-like symbols, and full-width forms. */
  private static boolean latinVariant(char c) {
    return (c >= 0x80 && c < 0x250)
        || (c >= 0x1E00 && c < 0x1F00)
        || (c >= 0x2070 && c < 0x2150)
        || (c >= 0xFF00 && c < 0xFF60);
  }

  private static char base(char c) {
    return Normalizer.normalize(String.valueOf(c), Normalizer.Form.NFKD).charAt(0);
  }
}
