package io.parley.safety.shape;

import java.util.ArrayList;
import java.util.List;

/** Reads the notation of {@link Shape}s: {@code sk-[A-Za-z0-9_-]{24}}. */
final class ShapeParser {
  private final String text;
  private final List<boolean[]> positions = new ArrayList<>();
  private int at;

  ShapeParser(String text) {
    this.text = text;
  }

  /** What each character of the shape may be. */
  List<boolean[]> positions() {
    while (at < text.length()) {
      boolean[] accepts = text.charAt(at) == '[' ? characterClass() : literal();
      int times = at < text.length() && text.charAt(at) == '{' ? times() : 1;
      for (int i = 0; i < times && positions.size() <= Shape.MAX_CHARS; i++) {
        positions.add(accepts);
      }
    }
    return positions;
  }

  private boolean[] literal() {
    return Shape.only(ascii(text.charAt(at++)));
  }

  private boolean[] characterClass() {
    int end = text.indexOf(']', at);
    if (end < 0) {
      throw wrong("[ without ]");
    }
    boolean[] accepts = new boolean[128];
    for (at++; at < end; at++) {
      boolean range = at + 2 < end && text.charAt(at + 1) == '-';
      char first = ascii(text.charAt(at));
      char last = range ? ascii(text.charAt(at += 2)) : first;
      for (int c = first; c <= last; c++) {
        accepts[c] = true;
      }
    }
    at = end + 1;
    return accepts;
  }

  private int times() {
    int end = text.indexOf('}', at);
    if (end < 0) {
      throw wrong("{ without }");
    }
    String number = text.substring(at + 1, end);
    if (!number.matches("[1-9][0-9]?")) {
      throw wrong("{" + number + "} is not a number from 1 to 99");
    }
    at = end + 1;
    return Integer.parseInt(number);
  }

  private char ascii(char c) {
    if (c < ' ' || c > '~') {
      throw wrong("only printable ASCII");
    }
    return c;
  }

  private IllegalArgumentException wrong(String what) {
    return new IllegalArgumentException(what + " at character " + (at + 1) + " of " + text);
  }
}
