package io.parley.ports.stream;

/**
 * A piece of a stream. Offsets are in units of the writer's choice: characters of a text, say,
 * whatever its bytes are.
 *
 * @param from offset of its beginning
 * @param to offset of its end, greater
 * @param bytes must not be modified
 */
@SuppressWarnings("ArrayRecordComponent") // it is handed on, never compared
public record Piece(long from, long to, byte[] bytes) {
  /** Bytes of a piece. */
  public static final int MAX_BYTES = 4 << 20;

  public Piece {
    if (from < 0 || to <= from) {
      throw new IllegalArgumentException("a piece goes forward: from %d to %d".formatted(from, to));
    }
    if (bytes.length > MAX_BYTES) {
      throw new IllegalArgumentException(
          "a piece has at most %d bytes, and this one %d".formatted(MAX_BYTES, bytes.length));
    }
  }
}
