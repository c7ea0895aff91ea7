package io.parley.embedded.rocks;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Builds keys that sort as their parts do: texts end with a zero byte, which no text here holds;
 * numbers are not negative and are written with the highest byte first. Belongs to one thread.
 */
final class Keys {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream(64);

  static Keys of(String text) {
    return new Keys().text(text);
  }

  /** Texts come from this platform and its callers; a zero byte would let one imitate another. */
  Keys text(String text) {
    if (text.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("a name must not hold a zero character");
    }
    out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    out.write(0);
    return this;
  }

  Keys number(int value) {
    out.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(value).array());
    return this;
  }

  Keys number(long value) {
    out.writeBytes(ByteBuffer.allocate(Long.BYTES).putLong(value).array());
    return this;
  }

  byte[] bytes() {
    return out.toByteArray();
  }

  /** A key behind all that begin as this one does. */
  byte[] end() {
    out.write(0xFF);
    return out.toByteArray();
  }

  /** The number that a key ends with. */
  static long lastNumber(byte[] key) {
    return ByteBuffer.wrap(key, key.length - Long.BYTES, Long.BYTES).getLong();
  }
}
