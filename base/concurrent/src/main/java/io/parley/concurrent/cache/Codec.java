package io.parley.concurrent.cache;

import java.nio.charset.StandardCharsets;

/**
 * How keys or values become bytes and come back: {@code decode(encode(x))} equals {@code x}.
 * Thread-safe.
 */
public interface Codec<T> {
  byte[] encode(T value);

  /**
   * The value of bytes that {@link #encode} made.
   *
   * @throws RuntimeException if they are no such bytes
   */
  T decode(byte[] bytes);

  /** Text as UTF-8. */
  static Codec<String> utf8() {
    return new Codec<>() {
      @Override
      public byte[] encode(String value) {
        return value.getBytes(StandardCharsets.UTF_8);
      }

      @Override
      public String decode(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
      }
    };
  }

  /** Bytes as they are; nobody may change an array afterwards. */
  static Codec<byte[]> bytes() {
    return new Codec<>() {
      @Override
      public byte[] encode(byte[] value) {
        return value;
      }

      @Override
      public byte[] decode(byte[] bytes) {
        return bytes;
      }
    };
  }
}
