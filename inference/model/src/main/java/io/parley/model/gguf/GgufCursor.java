package io.parley.model.gguf;

import io.parley.model.source.ModelFileException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Reads little-endian values from front to back and never past the end: each read first checks that
 * the bytes are there. Not thread-safe.
 */
final class GgufCursor {
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final String file;
  private final MemorySegment bytes;
  private long position;

  /**
   * @param file the name that errors show
   */
  GgufCursor(String file, MemorySegment bytes) {
    this.file = file;
    this.bytes = bytes;
  }

  long position() {
    return position;
  }

  long remaining() {
    return bytes.byteSize() - position;
  }

  ModelFileException failure(String problem) {
    return failure(position, problem);
  }

  ModelFileException failure(long at, String problem) {
    return new ModelFileException(file + ": at byte " + at + ": " + problem);
  }

  byte readByte(String what) {
    return bytes.get(ValueLayout.JAVA_BYTE, advance(1, what));
  }

  short readShort(String what) {
    return bytes.get(SHORT, advance(2, what));
  }

  int readInt(String what) {
    return bytes.get(INT, advance(4, what));
  }

  long readLong(String what) {
    return bytes.get(LONG, advance(8, what));
  }

  boolean readBoolean(String what) {
    byte value = readByte(what);
    if (value != 0 && value != 1) {
      throw failure(position - 1, what + " is neither 0 nor 1 but " + (value & 0xff));
    }
    return value == 1;
  }

  /** A count of things of which each takes at least {@code minimumBytes} of what remains. */
  int readCount(String what, int minimumBytes) {
    long at = position;
    long count = readLong(what);
    if (count < 0 || count > remaining() / minimumBytes || count > Integer.MAX_VALUE - 8) {
      throw failure(
          at,
          "%s is %s, more than the %d bytes left can hold"
              .formatted(what, Long.toUnsignedString(count), remaining()));
    }
    return (int) count;
  }

  /** A length, then that many bytes of UTF-8. */
  String readString(String what, int maxBytes) {
    int length = readCount("the length of " + what, 1);
    if (length > maxBytes) {
      throw failure("%s is %d bytes long, more than %d".formatted(what, length, maxBytes));
    }
    long at = advance(length, what);
    ByteBuffer utf8 = bytes.asSlice(at, length).asByteBuffer();
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(utf8).toString();
    } catch (CharacterCodingException e) {
      throw failure(at, what + " is not UTF-8");
    }
  }

  private long advance(long length, String what) {
    if (length > remaining()) {
      throw failure(
          "the file ends inside %s: %d bytes needed, %d left".formatted(what, length, remaining()));
    }
    long at = position;
    position += length;
    return at;
  }
}
