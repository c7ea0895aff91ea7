package io.parley.engine;

import io.parley.common.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * What happened to one sequence. Each sequence that {@link Scheduler#submit} took gets one {@link
 * Started} if it ever runs, then any number of {@link Text}, then exactly one {@link Ended}, and
 * nothing after it.
 */
public sealed interface EngineEvent {
  /** The number under which the sequence was submitted. */
  long sequenceId();

  /**
   * The sequence got its blocks and begins to run.
   *
   * @param inputTokens tokens of the prompt
   * @param cachedTokens of these, how many were computed already by earlier sequences
   * @param waitedNanos since it was submitted
   */
  record Started(long sequenceId, int inputTokens, int cachedTokens, long waitedNanos)
      implements EngineEvent {}

  /**
   * Text that the model wrote: at least one character, whole characters only, and no part of a stop
   * sequence.
   *
   * @param outputTokens tokens generated so far in the whole sequence
   */
  record Text(long sequenceId, String text, int outputTokens) implements EngineEvent {}

  /** The one last event; the blocks of the sequence are free when it is given. */
  sealed interface Ended extends EngineEvent {
    /** Tokens of the prompt. */
    int inputTokens();

    /** Tokens generated, the end-of-turn token included. */
    int outputTokens();

    Timing timing();
  }

  /**
   * The sequence came to its own end.
   *
   * @param stopSequence what ended it, present exactly for {@link FinishReason#STOP_SEQUENCE}
   */
  record Completed(
      long sequenceId,
      FinishReason reason,
      @Nullable String stopSequence,
      int inputTokens,
      int outputTokens,
      Timing timing)
      implements Ended {}

  /**
   * A fault or its time limit ended it. Text that was held back is lost.
   *
   * @param message for the client
   * @param cause for the log
   * @param retryAfterMs when there is likely to be room, for OVERLOADED; {@link
   *     io.parley.common.ParleyException#NO_RETRY} if nothing is known of that
   */
  record Failed(
      long sequenceId,
      ErrorCode code,
      String message,
      @Nullable Throwable cause,
      long retryAfterMs,
      int inputTokens,
      int outputTokens,
      Timing timing)
      implements Ended {}

  /** {@link Scheduler#cancel} ended it. Text that was held back is lost. */
  record Cancelled(long sequenceId, int inputTokens, int outputTokens, Timing timing)
      implements Ended {}

  /**
   * How long a sequence took, in nanoseconds since it was submitted, by the clock of whoever drives
   * the scheduler.
   *
   * @param admittedNanos until it got its blocks for the first time; −1 if it never did
   * @param firstTokenNanos until its first token was drawn; −1 if none was
   * @param endedNanos until its end
   */
  record Timing(long admittedNanos, long firstTokenNanos, long endedNanos) {}
}
