package io.parley.gateway.http;

import io.parley.gateway.messages.AnswerWriter;

/** An answer's writer as its home loop drives it. Belongs to the loop. */
sealed interface LoopWriter extends AnswerWriter permits SseWriter, JsonWriter {
  /** Hands what was written to the recording. */
  void flush();

  /** Bytes written since the last flush. */
  int pendingBytes();
}
