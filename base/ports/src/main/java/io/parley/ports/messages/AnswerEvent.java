package io.parley.ports.messages;

import io.parley.common.ErrorCode;
import io.parley.ports.model.Usage;
import org.jspecify.annotations.Nullable;

/** What happens to one answer; see {@link AnswerListener} for the order. */
public sealed interface AnswerEvent {
  /**
   * The model begins with the prompt, or a gate has refused it.
   *
   * @param messageId of the Messages API, {@code msg_…}
   * @param modelId the model that answers, whatever name the request used
   */
  record Started(String messageId, String modelId) implements AnswerEvent {}

  /**
   * The next part of the answer; it has passed the output gate.
   *
   * @param text at least one character, and never half of one
   * @param soFar what the answer had taken when it came, also what a gate still holds back
   */
  record Text(String text, Usage soFar) implements AnswerEvent {}

  /** The one last event. */
  sealed interface Ended extends AnswerEvent {
    /** What the answer took, also what nobody saw. */
    Usage usage();
  }

  /**
   * The answer is whole, or a gate ended it.
   *
   * @param stopReason as the Messages API names it
   * @param refusal for {@code refusal}, what refused it, as {@code stop_details} names it;
   *     otherwise null
   */
  record Completed(String stopReason, @Nullable String refusal, Usage usage) implements Ended {}

  /** {@link RunningAnswer#cancel} ended it; the text so far stands. */
  record Cancelled(Usage usage) implements Ended {}

  /**
   * A fault ended it, or a limit, or the stop of the server; the text so far stands.
   *
   * @param retryAfterMs see {@link io.parley.common.ParleyException#retryAfterMs}
   */
  record Failed(ErrorCode code, String message, long retryAfterMs, Usage usage) implements Ended {}
}
