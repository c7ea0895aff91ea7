package io.parley.model.tokenizer;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The 256 characters by which byte-level vocabularies write bytes, so that every token is printable
 * text (the {@code bytes_to_unicode} table of GPT-2): visible Latin-1 characters stand for
 * themselves, the other 68 bytes for U+0100 and on.
 */
public final class ByteAlphabet {
  private static final char[] CHARACTERS = new char[256];
  private static final short[] BYTES = new short[512];

  static {
    Arrays.fill(BYTES, (short) -1);
    char next = 0x100;
    for (int b = 0; b < 256; b++) {
      boolean visible = (b > 0x20 && b < 0x7f) || (b > 0xa0 && b != 0xad);
      CHARACTERS[b] = visible ? (char) b : next++;
      BYTES[CHARACTERS[b]] = (short) b;
    }
  }

  private ByteAlphabet() {}

  /** The character for a byte, 0 to 255. */
  public static char character(int unsignedByte) {
    return CHARACTERS[unsignedByte];
  }

  /** Writes bytes as text. */
  public static String spell(byte[] bytes) {
    char[] out = new char[bytes.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = CHARACTERS[bytes[i] & 0xff];
    }
    return new String(out);
  }

  /** The bytes that a token's text stands for; a character outside of the alphabet is itself. */
  static byte[] read(String text) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(text.length());
    text.codePoints()
        .forEach(
            c -> {
              if (c < BYTES.length && BYTES[c] >= 0) {
                out.write(BYTES[c]);
              } else {
                out.writeBytes(Character.toString(c).getBytes(StandardCharsets.UTF_8));
              }
            });
    return out.toByteArray();
  }
}
