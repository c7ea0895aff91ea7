package io.parley.ports.model;

import io.parley.common.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * What happens to one generation: {@link Started}, any number of {@link Text}, one {@link Ended}.
 */
public sealed interface GenerationEvent {
  /**
   * The model begins with the prompt, which may have waited for its turn. If a generation ends
   * before that, this event comes right before its end.
   *
   * @param usage what the prompt takes; no output yet
   */
  record Started(Usage usage) implements GenerationEvent {
    /** Of a prompt without a cache marker. */
    public Started(int promptTokens) {
      this(new Usage(promptTokens, 0));
    }
  }

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

  /** A fault ended it, or its time limit (TIMEOUT); the text so far stands. */
  record Failed(ErrorCode code, String message, Usage usage) implements Ended {}

  /** {@link Generation#cancel()} ended it. */
  record Cancelled(Usage usage) implements Ended {}
}
