package io.parley.engine;

/**
 * What a step gave.
 *
 * @param logits row r begins at {@code r * vocabularySize}; may be longer than the rows need. It
 *     belongs to the runner, who may use it again in its next step.
 * @param rows how many rows are filled
 * @param copyNanos how long the copies of the plan took, in nanoseconds; part of the step's time
 */
@SuppressWarnings("ArrayRecordComponent") // a view of the runner's buffer; never compared
public record StepResult(float[] logits, int rows, int vocabularySize, long copyNanos) {
  /** The result of a plan that asked for nothing. */
  public static final StepResult EMPTY = new StepResult(new float[0], 0, 0);

  /** The result of a plan without copies. */
  public StepResult(float[] logits, int rows, int vocabularySize) {
    this(logits, rows, vocabularySize, 0);
  }

  public StepResult {
    if ((long) rows * vocabularySize > logits.length) {
      throw new IllegalArgumentException(
          "%d rows of %d logits do not fit in %d".formatted(rows, vocabularySize, logits.length));
    }
  }
}
