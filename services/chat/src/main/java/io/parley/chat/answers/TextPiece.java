package io.parley.chat.answers;

import io.parley.chat.conversations.TokenUsage;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A piece of an answer's text as bytes: a mark, what the answer had taken by then, the text. The
 * mark is a byte that no UTF-8 text holds, so that a piece of an earlier version, which is its text
 * alone, is read as well.
 *
 * @param soFar what this run of the answer had taken when the text came
 */
record TextPiece(String text, TokenUsage soFar) {
  private static final byte MARK = (byte) 0xFF;
  private static final int HEAD_BYTES = 1 + 2 * Long.BYTES;

  byte[] encode() {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(HEAD_BYTES + utf8.length)
        .put(MARK)
        .putLong(soFar.inputTokens())
        .putLong(soFar.outputTokens())
        .put(utf8)
        .array();
  }

  static TextPiece decode(byte[] bytes) {
    if (bytes.length < HEAD_BYTES || bytes[0] != MARK) {
      return new TextPiece(new String(bytes, StandardCharsets.UTF_8), TokenUsage.NONE);
    }
    ByteBuffer in = ByteBuffer.wrap(bytes, 1, bytes.length - 1);
    TokenUsage soFar = new TokenUsage(in.getLong(), in.getLong());
    return new TextPiece(StandardCharsets.UTF_8.decode(in).toString(), soFar);
  }
}
