package io.parley.gateway.http;

import io.parley.common.ErrorCode;
import io.parley.gateway.messages.AnswerEnd;
import io.parley.gateway.messages.AnswerHead;
import io.parley.ports.model.Usage;
import io.parley.safety.ReleasedText;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Writes an answer as one JSON object, when it is whole: a recording of a single piece. Belongs to
 * the recording's home loop.
 */
final class JsonWriter implements LoopWriter {
  private final Recording recording;
  private final StringBuilder text = new StringBuilder();
  private @Nullable AnswerHead head;
  private List<byte[]> whole = List.of();

  JsonWriter(Recording recording) {
    this.recording = recording;
  }

  @Override
  public void begin(AnswerHead answerHead, Usage usage, long queueMs) {
    recording.queued(queueMs);
    head = answerHead;
  }

  @Override
  public void text(ReleasedText released) {
    text.append(released.text());
  }

  @Override
  public void prepare(AnswerEnd end) {
    AnswerHead begun = Objects.requireNonNull(head);
    whole = List.of(Json.bytes(json -> MessageJson.whole(json, begun, text.toString(), end)));
    recording.prepare(whole);
  }

  @Override
  public void end(AnswerEnd end) {
    recording.append(whole);
    recording.end();
  }

  @Override
  public void fail(ErrorCode code, String message, long retryAfterMs) {
    recording.fail(ErrorReply.of(code, message, retryAfterMs));
  }

  @Override
  public void flush() {}

  @Override
  public int pendingBytes() {
    return 0;
  }
}
