package io.parley.training.bpe;

/**
 * The printable character that stands for each byte in the strings of a byte-level vocabulary, as
 * GPT-2 chose them: printable Latin-1 bytes stand for themselves, the others take the code points
 * from 256 on.
 */
public final class ByteAlphabet {
  private static final char[] CHARACTERS = characters();

  private ByteAlphabet() {}

  /** The character for {@code value}, 0 to 255. */
  public static char character(int value) {
    return CHARACTERS[value];
  }

  /** The string for a run of bytes. */
  public static String string(byte[] bytes) {
    StringBuilder text = new StringBuilder(bytes.length);
    for (byte value : bytes) {
      text.append(CHARACTERS[value & 0xff]);
    }
    return text.toString();
  }

  private static char[] characters() {
    char[] characters = new char[256];
    char next = 256;
    for (int value = 0; value < 256; value++) {
      boolean printable =
          (value >= '!' && value <= '~')
              || (value >= 0xA1 && value <= 0xAC)
              || (value >= 0xAE && value <= 0xFF);
      characters[value] = printable ? (char) value : next++;
    }
    return characters;
  }
}
