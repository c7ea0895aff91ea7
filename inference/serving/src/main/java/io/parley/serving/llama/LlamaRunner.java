package io.parley.serving.llama;

import io.parley.engine.ModelRunner;
import io.parley.engine.ScheduledSequence;
import io.parley.engine.StepPlan;
import io.parley.engine.StepResult;
import io.parley.model.decoder.Decoder;
import io.parley.model.decoder.ForwardBatch;
import java.util.Arrays;

/**
 * Runs steps on a decoder: every token of a plan is a row of one batch. Not thread-safe; belongs to
 * the thread of its engine.
 */
public final class LlamaRunner implements ModelRunner {
  private final Decoder decoder;
  private final int vocabularySize;
  private final float[] logits;

  /**
   * Allocates memory for the logits.
   *
   * @param decoder takes as many rows as a plan has tokens at most
   * @param maxRows rows of logits that a plan wants at most
   */
  public LlamaRunner(Decoder decoder, int vocabularySize, int maxRows) {
    this.decoder = decoder;
    this.vocabularySize = vocabularySize;
    this.logits = new float[Math.multiplyExact(maxRows, vocabularySize)];
  }

  @Override
  public StepResult run(StepPlan plan) {
    ForwardBatch batch = batch(plan);
    decoder.forward(batch, logits);
    return new StepResult(logits, batch.outputRows().length, vocabularySize);
  }

  private static ForwardBatch batch(StepPlan plan) {
    int rows = plan.tokens();
    ForwardBatch batch =
        new ForwardBatch(
            new int[rows],
            new int[rows],
            new int[rows],
            new int[plan.sequences().size()][],
            new int[plan.rows()]);
    int row = 0;
    int output = 0;
    for (int i = 0; i < plan.sequences().size(); i++) {
      ScheduledSequence part = plan.sequences().get(i);
      fill(batch, row, i, part);
      row += part.tokens().length;
      for (int back = part.logitsRows(); back > 0; back--) {
        batch.outputRows()[output++] = row - back;
      }
    }
    return batch;
  }

  private static void fill(ForwardBatch batch, int from, int sequence, ScheduledSequence part) {
    int count = part.tokens().length;
    System.arraycopy(part.tokens(), 0, batch.tokens(), from, count);
    Arrays.fill(batch.sequence(), from, from + count, sequence);
    for (int i = 0; i < count; i++) {
      batch.positions()[from + i] = part.startPosition() + i;
    }
    batch.blockTables()[sequence] = part.blockTable();
  }
}
