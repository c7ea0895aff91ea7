package io.parley.engine;

import java.util.Arrays;

/**
 * The part of one sequence in a step: plain data, and none of the arrays may be changed.
 *
 * @param sequenceId whose tokens these are
 * @param tokens the ids to compute now, at least one
 * @param startPosition the position of the first of them, counted from 0
 * @param blockTable block numbers: position p lives in block {@code blockTable[p / blockTokens]},
 *     at offset {@code p % blockTokens}. The table covers the whole life of the sequence. A block
 *     of it can be shared with other sequences; then the step only reads it. From one step to the
 *     next a block that is full can be replaced by another with the same contents.
 * @param logitsRows for how many of the tokens, counted from the last one back, a row of logits is
 *     wanted; 0 while a prompt is still incomplete
 * @param draftRoom how many guesses a {@link Drafter} may put behind the tokens; {@link #UNDRAFTED}
 *     if it will never be asked for any
 */
@SuppressWarnings("ArrayRecordComponent") // read by kernels; plans are never compared
public record ScheduledSequence(
    long sequenceId,
    int[] tokens,
    int startPosition,
    int[] blockTable,
    int logitsRows,
    int draftRoom) {
  /** Room for no guess, now or later: a drafter need not compute the tokens. */
  public static final int UNDRAFTED = -1;

  /** A part without room for drafts. */
  public ScheduledSequence(
      long sequenceId, int[] tokens, int startPosition, int[] blockTable, int logitsRows) {
    this(sequenceId, tokens, startPosition, blockTable, logitsRows, 0);
  }

  /**
   * How many of the tokens, the last ones, are guesses: nobody has drawn them, and they count only
   * if the logits before them lead to them.
   */
  public int guesses() {
    return Math.max(0, logitsRows - 1);
  }

  /** The guess that is checked against row {@code row} of this part. */
  int guess(int row) {
    return tokens[tokens.length - guesses() + row];
  }

  /** This part with the guesses of a drafter; leaves no room for more. */
  ScheduledSequence with(int[] guesses) {
    if (guesses.length == 0) {
      return this;
    }
    if (guesses.length > draftRoom) {
      throw new IllegalArgumentException(
          "%d guesses, where there is room for %d".formatted(guesses.length, draftRoom));
    }
    int[] all = Arrays.copyOf(tokens, tokens.length + guesses.length);
    System.arraycopy(guesses, 0, all, tokens.length, guesses.length);
    return new ScheduledSequence(
        sequenceId, all, startPosition, blockTable, logitsRows + guesses.length);
  }
}
