package io.parley.gateway.http;

import io.parley.gateway.resume.EventId;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Server-sent events as bytes: a line {@code event}, a line {@code data}, a line {@code id}, and an
 * empty one. Data is JSON, which holds no line break.
 */
final class SseFormat {
  private static final byte[] EVENT = ascii("event: ");
  private static final byte[] DATA = ascii("\ndata: ");
  private static final byte[] ID = ascii("\nid: ");
  private static final byte[] END = ascii("\n\n");
  private static final byte[] PING = ascii("event: ping\ndata: {\"type\":\"ping\"}");

  private SseFormat() {}

  /**
   * A sign of life between two events; it has the id of the first of them, so it counts as none.
   */
  static byte[] ping(EventId last) {
    Utf8Buffer out = new Utf8Buffer(128);
    out.append(PING);
    end(out, ascii(last.messageId()), last.number());
    return out.takeBytes();
  }

  /** The event that takes the place of the rest of an answer. */
  static byte[] error(ErrorReply reply, String requestId, EventId id) {
    Utf8Buffer out = new Utf8Buffer(512);
    begin(out, "error");
    out.append(reply.json(requestId));
    end(out, ascii(id.messageId()), id.number());
    return out.takeBytes();
  }

  /** The beginning of an event, up to its data. */
  static void begin(Utf8Buffer out, String name) {
    out.append(EVENT).append(ascii(name)).append(DATA);
  }

  /** The end of an event, behind its data. */
  static void end(Utf8Buffer out, byte[] messageId, int number) {
    out.append(ID).append(messageId).append(':').appendNumber(number).append(END);
  }

  /** The events of a stream, one by one. */
  static List<byte[]> split(byte[] stream) {
    List<byte[]> events = new ArrayList<>();
    int from = 0;
    for (int i = 1; i < stream.length; i++) {
      if (stream[i] == '\n' && stream[i - 1] == '\n') {
        events.add(Arrays.copyOfRange(stream, from, i + 1));
        from = i + 1;
      }
    }
    return events;
  }

  static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
