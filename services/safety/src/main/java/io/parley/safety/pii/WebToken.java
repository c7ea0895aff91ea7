package io.parley.safety.pii;

/**
 * Recognises a JSON web token: two objects in base64url, which begin with {@code eyJ}, and a dot
 * between them.
 */
final class WebToken {
  private static final String OBJECT = "eyJ";
  private static final int MAX_HEADER_CHARS = 256;
  private static final int MIN_CLAIMS_CHARS = 16;

  private enum State {
    NONE,
    HEADER,
    CLAIMS
  }

  private State state = State.NONE;
  private int start;
  private int chars;

  int start() {
    return start;
  }

  int pendingFrom() {
    return state == State.NONE ? Scanner.NOTHING : start;
  }

  boolean isIdle() {
    return state == State.NONE;
  }

  void reset() {
    state = State.NONE;
  }

  /** Reads the next character; true if it is a token from {@link #start} on. */
  boolean read(char c, int at, boolean mayBegin) {
    if (state == State.NONE) {
      begin(c, at, mayBegin);
    } else if (chars < OBJECT.length()) {
      goOn(c == OBJECT.charAt(chars));
    } else if (state == State.HEADER && c == '.') {
      state = State.CLAIMS;
      chars = 0;
    } else {
      goOn(Chars.isToken(c) && chars < MAX_HEADER_CHARS);
    }
    return state == State.CLAIMS && chars == MIN_CLAIMS_CHARS;
  }

  private void begin(char c, int at, boolean mayBegin) {
    if (mayBegin && c == OBJECT.charAt(0)) {
      state = State.HEADER;
      start = at;
      chars = 1;
    }
  }

  private void goOn(boolean fits) {
    chars++;
    if (!fits) {
      state = State.NONE;
    }
  }
}
