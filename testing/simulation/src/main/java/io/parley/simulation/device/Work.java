package io.parley.simulation.device;

import io.parley.engine.ScheduledSequence;
import io.parley.engine.StepPlan;

/**
 * What a step has to do.
 *
 * @param tokens tokens to compute
 * @param rows rows of logits
 * @param attendedPositions sum over the tokens of the positions that each attends to, its own
 *     included
 * @param contextTokens sum over the sequences of the tokens whose keys and values are read
 * @param copiedBlocks blocks of the key-value cache to copy to or from host memory
 */
public record Work(
    int tokens, int rows, long attendedPositions, long contextTokens, int copiedBlocks) {
  /** Work without copies. */
  public Work(int tokens, int rows, long attendedPositions, long contextTokens) {
    this(tokens, rows, attendedPositions, contextTokens, 0);
  }

  /** The work of a plan. */
  public static Work of(StepPlan plan) {
    int tokens = 0;
    int rows = 0;
    long attended = 0;
    long context = 0;
    for (ScheduledSequence part : plan.sequences()) {
      long count = part.tokens().length;
      tokens += part.tokens().length;
      rows += part.logitsRows();
      attended += count * part.startPosition() + count * (count + 1) / 2;
      context += part.startPosition() + count;
    }
    return new Work(tokens, rows, attended, context, plan.copies().size());
  }
}
