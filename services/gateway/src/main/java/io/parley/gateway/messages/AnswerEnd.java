package io.parley.gateway.messages;

import io.parley.ports.model.StopReason;
import io.parley.ports.model.Usage;
import io.parley.safety.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * How an answer ended.
 *
 * @param stopReason as the API names it
 * @param stopSequence the sequence that ended it, if one did
 * @param refusal why a gate ended it, if one did
 */
public record AnswerEnd(
    String stopReason, @Nullable String stopSequence, @Nullable Refusal refusal, Usage usage) {
  static final String REFUSAL = "refusal";

  static AnswerEnd completed(StopReason reason, @Nullable String stopSequence, Usage usage) {
    return new AnswerEnd(wireName(reason), stopSequence, null, usage);
  }

  static AnswerEnd refused(Refusal refusal, Usage usage) {
    return new AnswerEnd(REFUSAL, null, refusal, usage);
  }

  static String wireName(StopReason reason) {
    return switch (reason) {
      case END_TURN -> "end_turn";
      case MAX_TOKENS -> "max_tokens";
      case STOP_SEQUENCE -> "stop_sequence";
      case CONTEXT_WINDOW_EXCEEDED -> "model_context_window_exceeded";
    };
  }
}
