package io.parley.gateway.http;

import io.parley.gateway.messages.AnswerWriter;

/** An answer's writer as its event loop drives it. Belongs to the loop. */
sealed interface LoopWriter extends AnswerWriter permits SseWriter, JsonWriter {
  /** Hands what was written to the connection. */
  void flush();

  /** Writes a sign of life, if this kind of answer has one. */
  void ping();

  /** Bytes written since the last flush. */
  int pendingBytes();
}
