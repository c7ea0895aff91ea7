package io.parley.ports.conversation;

/**
 * A message as it is stored.
 *
 * @param id as ids of conversations are written; messages of a partition are ordered by it, as
 *     ASCII
 * @param body 1 to {@value #MAX_BODY_BYTES} bytes; must not be modified
 */
@SuppressWarnings("ArrayRecordComponent") // it is handed on, never compared
public record StoredMessage(String id, byte[] body) {
  /** Bytes of a body. */
  public static final int MAX_BODY_BYTES = 4 << 20;

  public StoredMessage {
    MessagePartition.checkId(id);
    if (body.length < 1 || body.length > MAX_BODY_BYTES) {
      throw new IllegalArgumentException(
          "a body has 1 to %d bytes, and this one %d".formatted(MAX_BODY_BYTES, body.length));
    }
  }
}
