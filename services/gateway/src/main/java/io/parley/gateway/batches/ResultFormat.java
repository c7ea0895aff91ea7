package io.parley.gateway.batches;

import io.parley.common.ErrorCode;
import io.parley.gateway.messages.AnswerEnd;
import io.parley.gateway.messages.AnswerHead;
import java.util.Map;

/** Writes results as JSON objects. Thread-safe. */
public interface ResultFormat {
  /**
   * A whole message, or one that a gate refused.
   *
   * @param remarks what a response would say of it in its head, by the name of the header: what of
   *     the request has no effect, which model it was meant for
   */
  String succeeded(AnswerHead head, String text, AnswerEnd end, Map<String, String> remarks);

  /** A request that came to nothing. */
  String errored(ErrorCode code, String message, String requestId);

  /** A request that was never begun: canceled or expired. */
  String notBegun(BatchOutcome outcome);
}
