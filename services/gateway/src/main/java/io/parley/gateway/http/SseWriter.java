package io.parley.gateway.http;

import static io.parley.gateway.http.SseFormat.ascii;

import io.parley.common.ErrorCode;
import io.parley.gateway.messages.AnswerEnd;
import io.parley.gateway.messages.AnswerHead;
import io.parley.ports.model.Usage;
import io.parley.safety.ReleasedText;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes an answer as server-sent events, in the order that clients know: {@code message_start},
 * {@code content_block_start}, {@code ping}, any number of {@code content_block_delta}, {@code
 * content_block_stop}, {@code message_delta}, {@code message_stop}; or an {@code error} in the
 * place of what is left, which the recording makes. All text of one flush is one delta. The events
 * are numbered from 1.
 *
 * <p>Belongs to the recording's home loop, and shares the loop's scratch buffer: what is written
 * must be flushed before another stream writes.
 */
final class SseWriter implements LoopWriter {
  private static final byte[] DELTA_BEGIN =
      ascii(
          "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,"
              + "\"delta\":{\"type\":\"text_delta\",\"text\":\"");
  private static final byte[] DELTA_END = ascii("\"}}");
  private static final byte[] BLOCK_START =
      ascii(
          "event: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":0,"
              + "\"content_block\":{\"type\":\"text\",\"text\":\"\",\"citations\":null}}");
  private static final byte[] PING = ascii("event: ping\ndata: {\"type\":\"ping\"}");
  private static final byte[] BLOCK_STOP =
      ascii("event: content_block_stop\ndata: {\"type\":\"content_block_stop\",\"index\":0}");
  private static final byte[] MESSAGE_STOP =
      ascii("event: message_stop\ndata: {\"type\":\"message_stop\"}");

  private final Recording recording;
  private final Utf8Buffer out;
  private final byte[] messageId;
  private List<byte[]> news = new ArrayList<>(4);
  private List<byte[]> last = List.of();
  private int newsBytes;
  private int number;
  private boolean inDelta;

  /**
   * @param scratch the loop's buffer
   */
  SseWriter(Recording recording, Utf8Buffer scratch) {
    this.recording = recording;
    this.out = scratch;
    this.messageId = ascii(recording.messageId());
  }

  @Override
  public void begin(AnswerHead head, Usage usage, long queueMs) {
    recording.queued(queueMs);
    event(
        "message_start",
        json -> {
          json.writeStartObject();
          json.writeStringField("type", "message_start");
          json.writeFieldName("message");
          MessageJson.begun(json, head, usage);
          json.writeEndObject();
        });
    event(BLOCK_START);
    event(PING);
  }

  @Override
  public void text(ReleasedText released) {
    if (!inDelta) {
      inDelta = true;
      out.append(DELTA_BEGIN);
    }
    out.appendEscaped(released.text());
  }

  /** The last events are made now, so that they can be kept with the rest, and numbered as such. */
  @Override
  public void prepare(AnswerEnd end) {
    flush();
    int before = number;
    event(BLOCK_STOP);
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
    event(MESSAGE_STOP);
    last = takeNews();
    number = before;
    recording.prepare(last);
  }

  @Override
  public void end(AnswerEnd end) {
    recording.append(last);
    recording.end();
  }

  @Override
  public void fail(ErrorCode code, String message, long retryAfterMs) {
    flush();
    recording.fail(ErrorReply.of(code, message, retryAfterMs));
  }

  @Override
  public void flush() {
    if (inDelta) {
      inDelta = false;
      out.append(DELTA_END);
      finishEvent();
    }
    if (!news.isEmpty()) {
      recording.append(takeNews());
    }
  }

  @Override
  public int pendingBytes() {
    return newsBytes + out.length();
  }

  private void event(byte[] nameAndData) {
    out.append(nameAndData);
    finishEvent();
  }

  private void event(String name, Json.Body data) {
    SseFormat.begin(out, name);
    out.append(Json.bytes(data));
    finishEvent();
  }

  private void finishEvent() {
    SseFormat.end(out, messageId, ++number);
    byte[] event = out.takeBytes();
    newsBytes += event.length;
    news.add(event);
  }

  private List<byte[]> takeNews() {
    List<byte[]> taken = news;
    news = new ArrayList<>(1);
    newsBytes = 0;
    return taken;
  }
}
