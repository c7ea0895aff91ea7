package io.parley.model.gguf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Grows while the part of a file before the tensors' data is put together. Not thread-safe. */
final class HeadBuffer {
  private ByteBuffer bytes = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);

  void putInt(int value) {
    room(Integer.BYTES).putInt(value);
  }

  void putLong(long value) {
    room(Long.BYTES).putLong(value);
  }

  void putString(String value) {
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    putLong(utf8.length);
    room(utf8.length).put(utf8);
  }

  /** A key, its type and its value. */
  void putEntry(String key, Object value) {
    putString(key);
    switch (value) {
      case Integer i -> {
        putType(ValueType.UINT32);
        putInt((int) requireNotNegative(key, i));
      }
      case Long l -> {
        putType(ValueType.UINT64);
        putLong(requireNotNegative(key, l));
      }
      case Float f -> {
        putType(ValueType.FLOAT32);
        putInt(Float.floatToRawIntBits(f));
      }
      case Boolean b -> {
        putType(ValueType.BOOL);
        room(1).put((byte) (b ? 1 : 0));
      }
      case String s -> {
        putType(ValueType.STRING);
        putString(s);
      }
      default -> putArray(key, value);
    }
  }

  private void putArray(String key, Object value) {
    putType(ValueType.ARRAY);
    switch (value) {
      case String[] strings -> {
        putArrayHead(ValueType.STRING, strings.length);
        for (String s : strings) {
          putString(s);
        }
      }
      case int[] ints -> {
        putArrayHead(ValueType.INT32, ints.length);
        for (int i : ints) {
          putInt(i);
        }
      }
      case float[] floats -> {
        putArrayHead(ValueType.FLOAT32, floats.length);
        for (float f : floats) {
          putInt(Float.floatToRawIntBits(f));
        }
      }
      default ->
          throw new IllegalArgumentException(
              "key " + key + ": values of " + value.getClass() + " cannot be written");
    }
  }

  private void putArrayHead(ValueType type, int length) {
    putType(type);
    putLong(length);
  }

  private void putType(ValueType type) {
    putInt(type.code);
  }

  private static long requireNotNegative(String key, long value) {
    if (value < 0) {
      throw new IllegalArgumentException("key " + key + " must not be negative: " + value);
    }
    return value;
  }

  /** Fills up with zeros to a multiple of {@code alignment}. */
  void align(int alignment) {
    int padding = (int) GgufFormat.align(bytes.position(), alignment) - bytes.position();
    room(padding).put(new byte[padding]);
  }

  ByteBuffer toBuffer() {
    return bytes.flip();
  }

  private ByteBuffer room(int length) {
    if (bytes.remaining() < length) {
      int capacity = Math.max(2 * bytes.capacity(), Math.addExact(bytes.position(), length));
      bytes = ByteBuffer.allocate(capacity).order(ByteOrder.LITTLE_ENDIAN).put(bytes.flip());
    }
    return bytes;
  }
}
