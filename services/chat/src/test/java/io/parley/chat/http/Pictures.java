package io.parley.chat.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Pictures for tests: a head that is right, and then something that tells them apart. */
final class Pictures {
  private static final long PNG_SIGNATURE = 0x89504E470D0A1A0AL;
  private static final int HEADER_BYTES = 13;

  private Pictures() {}

  /** A PNG of one pixel, as far as its head. */
  static byte[] png(String content) {
    byte[] rest = content.getBytes(StandardCharsets.US_ASCII);
    return ByteBuffer.allocate(33 + rest.length)
        .putLong(PNG_SIGNATURE)
        .putInt(HEADER_BYTES)
        .put("IHDR".getBytes(StandardCharsets.US_ASCII))
        .putInt(1)
        .putInt(1)
        .put(new byte[9])
        .put(rest)
        .array();
  }
}
