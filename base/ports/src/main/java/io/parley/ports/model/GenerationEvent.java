package io.parley.ports.model;

import io.parley.common.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * What happens to one generation: {@link Started}, any number of {@link Text}, one {@link Ended}.
 */
public sealed interface GenerationEvent {
  /**
   * The prompt is accepted.
   *
   * @param inputTokens tokens of the rendered prompt
   */
  record Started(int inputTokens) implements GenerationEvent {}

  /**
   * Text that the model wrote. It never ends inside a character, and never holds a part of a stop
   * sequence.
   *
   * @param text at least one character
   * @param outputTokens tokens generated so far in the whole generation
   */
  record Text(String text, int outputTokens) implements GenerationEvent {}

  /** The one last event. */
  sealed interface Ended extends GenerationEvent {
    Usage usage();
  }

  /**
   * The model came to an end.
   *
   * @param stopSequence the sequence that ended it, present exactly for {@link
   *     StopReason#STOP_SEQUENCE}
   */
  record Completed(StopReason stopReason, @Nullable String stopSequence, Usage usage)
      implements Ended {}

  /** A fault ended it; the text so far stands. */
  record Failed(ErrorCode code, String message, Usage usage) implements Ended {}

  /** {@link Generation#cancel()} ended it. */
  record Cancelled(Usage usage) implements Ended {}
}
