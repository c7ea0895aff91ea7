package io.parley.chat.http;

import io.vertx.core.buffer.Buffer;
import java.util.Map;

/** Server-sent events as bytes. JSON holds no line breaks, and neither do names and ids. */
final class SseEvents {
  private SseEvents() {}

  /** An event with an id to continue from. */
  static Buffer event(String name, String id, Object data) {
    return Buffer.buffer("event: " + name + "\nid: " + id + "\ndata: ")
        .appendBytes(ChatJson.bytes(data))
        .appendString("\n\n");
  }

  /** An event that nobody continues from. */
  static Buffer event(String name, Object data) {
    return Buffer.buffer("event: " + name + "\ndata: ")
        .appendBytes(ChatJson.bytes(data))
        .appendString("\n\n");
  }

  /** A part of an answer's text. */
  static Buffer delta(String messageId, long to, String text) {
    return event("delta", messageId + ":" + to, Map.of("text", text));
  }

  /** The position cannot be continued. */
  static Buffer gap() {
    return event(
        "gap", Map.of("message", "The text from this position on is not here; load the message"));
  }
}
