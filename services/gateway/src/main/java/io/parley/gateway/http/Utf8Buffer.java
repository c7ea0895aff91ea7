package io.parley.gateway.http;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Bytes on their way into a response. Each event loop has one and uses it again and again: a
 * stream's news is put together here and then copied out once. Belongs to its loop.
 */
final class Utf8Buffer {
  private static final int INITIAL_BYTES = 16 << 10;

  /** A buffer that grew beyond this for one large answer is not kept. */
  private static final int KEPT_BYTES = 1 << 20;

  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] REPLACEMENT = {(byte) 0xEF, (byte) 0xBF, (byte) 0xBD};

  private byte[] bytes;
  private int length;

  Utf8Buffer() {
    this(INITIAL_BYTES);
  }

  Utf8Buffer(int initialBytes) {
    bytes = new byte[initialBytes];
  }

  int length() {
    return length;
  }

  Utf8Buffer append(byte[] more) {
    ensure(more.length);
    System.arraycopy(more, 0, bytes, length, more.length);
    length += more.length;
    return this;
  }

  Utf8Buffer append(char ascii) {
    ensure(1);
    put(ascii);
    return this;
  }

  /** A number in decimal digits, not negative. */
  Utf8Buffer appendNumber(int number) {
    if (number >= 10) {
      appendNumber(number / 10);
    }
    return append((char) ('0' + number % 10));
  }

  /** Text as it stands between the quotes of a JSON string. */
  Utf8Buffer appendEscaped(String text) {
    for (int i = 0; i < text.length(); i++) {
      ensure(6);
      char c = text.charAt(i);
      if (c < 0x80) {
        ascii(c);
      } else if (c < 0x800) {
        put(0xC0 | (c >> 6));
        put(0x80 | (c & 0x3F));
      } else if (!Character.isSurrogate(c)) {
        put(0xE0 | (c >> 12));
        put(0x80 | ((c >> 6) & 0x3F));
        put(0x80 | (c & 0x3F));
      } else if (i + 1 < text.length() && Character.isSurrogatePair(c, text.charAt(i + 1))) {
        supplementary(Character.toCodePoint(c, text.charAt(++i)));
      } else {
        append(REPLACEMENT);
      }
    }
    return this;
  }

  void clear() {
    length = 0;
  }

  /** Copies out what is in it and empties it. */
  byte[] takeBytes() {
    byte[] out = Arrays.copyOf(bytes, length);
    length = 0;
    if (bytes.length > KEPT_BYTES) {
      bytes = new byte[INITIAL_BYTES];
    }
    return out;
  }

  private void ascii(char c) {
    switch (c) {
      case '"', '\\' -> escape(c);
      case '\n' -> escape('n');
      case '\r' -> escape('r');
      case '\t' -> escape('t');
      default -> {
        if (c < ' ') {
          control(c);
        } else {
          put(c);
        }
      }
    }
  }

  private void escape(char c) {
    put('\\');
    put(c);
  }

  private void control(char c) {
    escape('u');
    put('0');
    put('0');
    put(HEX[c >> 4]);
    put(HEX[c & 15]);
  }

  private void supplementary(int codePoint) {
    put(0xF0 | (codePoint >> 18));
    put(0x80 | ((codePoint >> 12) & 0x3F));
    put(0x80 | ((codePoint >> 6) & 0x3F));
    put(0x80 | (codePoint & 0x3F));
  }

  private void put(int b) {
    bytes[length++] = (byte) b;
  }

  private void ensure(int more) {
    if (bytes.length - length < more) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
    }
  }
}
