package io.parley.model.tokenizer;

/** Makes text out of any string. */
final class WellFormed {
  private static final int REPLACEMENT = 0xfffd;

  private WellFormed() {}

  /** The text, with U+FFFD in place of each surrogate that has no other half. */
  static String of(String text) {
    int at = 0;
    while (at < text.length() && !isSurrogate(text.codePointAt(at))) {
      at += Character.charCount(text.codePointAt(at));
    }
    return at == text.length() ? text : replaceLoneSurrogates(text);
  }

  private static boolean isSurrogate(int codePoint) {
    return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
  }

  private static String replaceLoneSurrogates(String text) {
    StringBuilder out = new StringBuilder(text.length());
    text.codePoints().map(c -> isSurrogate(c) ? REPLACEMENT : c).forEach(out::appendCodePoint);
    return out.toString();
  }
}
