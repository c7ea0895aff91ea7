package io.parley.ports.model;

import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import org.jspecify.annotations.Nullable;

/**
 * What happens to one generation: {@link Started} if it ever begins, then any number of {@link
 * Text}, one {@link Ended}.
 */
public sealed interface GenerationEvent {
  /**
   * The model begins with the prompt.
   *
   * @param usage what the prompt takes; no output yet
   * @param queueMs how long it waited for its turn, in milliseconds
   */
  record Started(Usage usage, long queueMs) implements GenerationEvent {
    /** Of a prompt without a cache marker that did not wait. */
    public Started(int promptTokens) {
      this(new Usage(promptTokens, 0), 0);
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

  /**
   * A fault ended it, or its time limit (TIMEOUT), or there was no room (OVERLOADED); the text so
   * far stands.
   *
   * @param retryAfterMs see {@link ParleyException#retryAfterMs}
   */
  record Failed(ErrorCode code, String message, Usage usage, long retryAfterMs) implements Ended {
    /** A failure that says nothing of another try. */
    public Failed(ErrorCode code, String message, Usage usage) {
      this(code, message, usage, ParleyException.NO_RETRY);
    }
  }

  /** {@link Generation#cancel()} ended it. */
  record Cancelled(Usage usage) implements Ended {}
}
