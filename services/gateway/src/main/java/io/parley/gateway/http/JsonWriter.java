package io.parley.gateway.http;

import io.parley.common.ErrorCode;
import io.parley.gateway.messages.AnswerEnd;
import io.parley.gateway.messages.AnswerHead;
import io.parley.ports.model.Usage;
import io.parley.safety.ReleasedText;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Writes an answer as one JSON object, when it is whole. Belongs to the exchange's loop. */
final class JsonWriter implements LoopWriter {
  private final Exchange exchange;
  private final StringBuilder text = new StringBuilder();
  private @Nullable AnswerHead head;

  JsonWriter(Exchange exchange) {
    this.exchange = exchange;
  }

  @Override
  public void begin(AnswerHead answerHead, Usage usage, long queueMs) {
    exchange.queued(queueMs);
    head = answerHead;
  }

  @Override
  public void text(ReleasedText released) {
    text.append(released.text());
  }

  @Override
  public void end(AnswerEnd end) {
    AnswerHead begun = Objects.requireNonNull(head);
    exchange.reply(200, Json.bytes(json -> MessageJson.whole(json, begun, text.toString(), end)));
  }

  @Override
  public void fail(ErrorCode code, String message, long retryAfterMs) {
    exchange.fail(ErrorReply.of(code, message, retryAfterMs));
  }

  @Override
  public void flush() {}

  @Override
  public void ping() {}

  @Override
  public int pendingBytes() {
    return 0;
  }
}
