package io.parley.safety.pii;

/**
 * What follows the first line of a private key: lines of base64, perhaps indented, perhaps with
 * line breaks written {@code \n}; headers (RFC 1421); the last line. Prose ends it at its first
 * blank.
 */
final class PrivateKeyTail {
  private static final String LAST_LINE = "-----END";
  private static final int DASHES = 5;

  private int lastLine;
  private int dashes;
  private boolean mayBeBlank;
  private boolean over;

  void begin() {
    lastLine = 0;
    dashes = 0;
    mayBeBlank = false;
    over = false;
  }

  boolean goesOn(char c) {
    if (over) {
      return false;
    }
    return lastLine == LAST_LINE.length() ? inLastLine(c) : inBody(c);
  }

  private boolean inBody(char c) {
    boolean next = c == LAST_LINE.charAt(lastLine);
    lastLine = next ? lastLine + 1 : c == '-' ? Math.min(lastLine, DASHES) : 0;
    boolean blank = c == ' ' || c == '\t';
    boolean fits = blank ? mayBeBlank : Chars.isToken(c) || "\r\n\\+/=:,".indexOf(c) >= 0;
    mayBeBlank = c == ':' || c == '\n' || (blank && mayBeBlank);
    return fits;
  }

  /** Up to its five dashes. */
  private boolean inLastLine(char c) {
    dashes = c == '-' ? dashes + 1 : 0;
    over = dashes == DASHES;
    return c == '-' || c == ' ' || (c >= 'A' && c <= 'Z');
  }
}
