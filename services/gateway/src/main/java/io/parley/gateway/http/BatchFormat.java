package io.parley.gateway.http;

import io.parley.common.ErrorCode;
import io.parley.gateway.batches.BatchOutcome;
import io.parley.gateway.batches.ResultFormat;
import io.parley.gateway.messages.AnswerEnd;
import io.parley.gateway.messages.AnswerHead;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Results of batches, with messages and errors as everywhere else. Thread-safe. */
final class BatchFormat implements ResultFormat {
  /**
   * Remarks become fields beside the message, which SDKs keep among those that they do not know.
   */
  @Override
  public String succeeded(
      AnswerHead head, String text, AnswerEnd end, Map<String, String> remarks) {
    return text(
        json -> {
          json.writeStartObject();
          json.writeStringField("type", BatchOutcome.SUCCEEDED.wireName());
          json.writeFieldName("message");
          MessageJson.whole(json, head, text, end);
          for (Map.Entry<String, String> remark : remarks.entrySet()) {
            json.writeStringField(remark.getKey().replace('-', '_'), remark.getValue());
          }
          json.writeEndObject();
        });
  }

  @Override
  public String errored(ErrorCode code, String message, String requestId) {
    byte[] error = ErrorReply.of(code, message).json(requestId);
    return text(
        json -> {
          json.writeStartObject();
          json.writeStringField("type", BatchOutcome.ERRORED.wireName());
          json.writeFieldName("error");
          json.writeRawValue(new String(error, StandardCharsets.UTF_8));
          json.writeEndObject();
        });
  }

  @Override
  public String notBegun(BatchOutcome outcome) {
    return text(
        json -> {
          json.writeStartObject();
          json.writeStringField("type", outcome.wireName());
          json.writeEndObject();
        });
  }

  private static String text(Json.Body body) {
    return new String(Json.bytes(body), StandardCharsets.UTF_8);
  }
}
