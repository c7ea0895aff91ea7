package io.parley.gateway.http;

import io.parley.common.ErrorCode;
import io.parley.gateway.messages.AnswerEnd;
import io.parley.gateway.messages.AnswerHead;
import io.parley.ports.model.Usage;
import io.parley.safety.ReleasedText;
import java.nio.charset.StandardCharsets;

/**
 * Writes an answer as server-sent events, in the order that clients know: {@code message_start},
 * {@code content_block_start}, {@code ping}, any number of {@code content_block_delta}, {@code
 * content_block_stop}, {@code message_delta}, {@code message_stop}; or an {@code error} in the
 * place of what is left. All text of one flush is one delta. While a prompt waits for its turn
 * there is nothing but a {@code ping} now and then; an error before the first of them is an HTTP
 * error.
 *
 * <p>Belongs to the exchange's loop, and shares the loop's scratch buffer: what is written must be
 * flushed before another stream writes.
 */
final class SseWriter implements LoopWriter {
  private static final byte[] DELTA_BEGIN =
      ascii(
          "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,"
              + "\"delta\":{\"type\":\"text_delta\",\"text\":\"");
  private static final byte[] DELTA_END = ascii("\"}}\n\n");
  private static final byte[] BLOCK_START_AND_PING =
      ascii(
          "event: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":0,"
              + "\"content_block\":{\"type\":\"text\",\"text\":\"\",\"citations\":null}}\n\n"
              + "event: ping\ndata: {\"type\":\"ping\"}\n\n");
  private static final byte[] PING = ascii("event: ping\ndata: {\"type\":\"ping\"}\n\n");
  private static final byte[] BLOCK_STOP =
      ascii("event: content_block_stop\ndata: {\"type\":\"content_block_stop\",\"index\":0}\n\n");
  private static final byte[] MESSAGE_STOP =
      ascii("event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n");
  private static final byte[] EVENT = ascii("event: ");
  private static final byte[] DATA = ascii("\ndata: ");
  private static final byte[] END = ascii("\n\n");

  private final Exchange exchange;
  private final Utf8Buffer out;
  private boolean open;
  private boolean inDelta;
  private boolean ended;

  /**
   * @param scratch the loop's buffer
   */
  SseWriter(Exchange exchange, Utf8Buffer scratch) {
    this.exchange = exchange;
    this.out = scratch;
  }

  @Override
  public void begin(AnswerHead head, Usage usage, long queueMs) {
    exchange.queued(queueMs);
    open();
    event(
        "message_start",
        json -> {
          json.writeStartObject();
          json.writeStringField("type", "message_start");
          json.writeFieldName("message");
          MessageJson.begun(json, head, usage);
          json.writeEndObject();
        });
    out.append(BLOCK_START_AND_PING);
  }

  @Override
  public void text(ReleasedText released) {
    if (!inDelta) {
      inDelta = true;
      out.append(DELTA_BEGIN);
    }
    out.appendEscaped(released.text());
  }

  @Override
  public void end(AnswerEnd end) {
    endDelta();
    out.append(BLOCK_STOP);
    event(
        "message_delta",
        json -> {
          json.writeStartObject();
          json.writeStringField("type", "message_delta");
          json.writeObjectFieldStart("delta");
          MessageJson.stop(json, end);
          json.writeEndObject();
          json.writeObjectFieldStart("usage");
          MessageJson.usage(json, end.usage());
          json.writeEndObject();
          json.writeEndObject();
        });
    out.append(MESSAGE_STOP);
    ended = true;
  }

  @Override
  public void fail(ErrorCode code, String message, long retryAfterMs) {
    ErrorReply reply = ErrorReply.of(code, message, retryAfterMs);
    if (open) {
      endDelta();
      out.append(EVENT).append(ascii("error")).append(DATA);
      out.append(reply.json(exchange.requestId())).append(END);
      ended = true;
    } else {
      exchange.fail(reply);
    }
  }

  @Override
  public void flush() {
    endDelta();
    if (ended) {
      exchange.endStream(out.take());
    } else if (out.length() > 0) {
      exchange.write(out.take());
    }
  }

  @Override
  public void ping() {
    if (!ended) {
      open();
      out.append(PING);
      flush();
    }
  }

  private void open() {
    if (!open) {
      open = true;
      exchange.beginStream();
    }
  }

  @Override
  public int pendingBytes() {
    return out.length();
  }

  private void endDelta() {
    if (inDelta) {
      inDelta = false;
      out.append(DELTA_END);
    }
  }

  private void event(String name, Json.Body data) {
    out.append(EVENT).append(ascii(name)).append(DATA).append(Json.bytes(data)).append(END);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
