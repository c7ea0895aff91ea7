package io.parley.gateway.batches;

import io.parley.common.ErrorCode;
import io.parley.gateway.messages.AnswerEnd;
import io.parley.gateway.messages.AnswerHead;

/** Writes results as JSON objects. Thread-safe. */
public interface ResultFormat {
  /** A whole message, or one that a gate refused. */
  String succeeded(AnswerHead head, String text, AnswerEnd end);

  /** A request that came to nothing. */
  String errored(ErrorCode code, String message, String requestId);

  /** A request that was never begun: canceled or expired. */
  String notBegun(BatchOutcome outcome);
}
