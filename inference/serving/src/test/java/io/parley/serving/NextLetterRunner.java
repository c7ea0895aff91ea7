package io.parley.serving;

import io.parley.engine.ModelRunner;
import io.parley.engine.ScheduledSequence;
import io.parley.engine.StepPlan;
import io.parley.engine.StepResult;

/** After each letter comes the next of the alphabet; after z the turn ends. */
final class NextLetterRunner implements ModelRunner {
  private static final int VOCABULARY = 27;

  @Override
  public StepResult run(StepPlan plan) {
    float[] logits = new float[plan.rows() * VOCABULARY];
    int row = 0;
    for (ScheduledSequence part : plan.sequences()) {
      int length = part.tokens().length;
      for (int i = length - part.logitsRows(); i < length; i++) {
        logits[row++ * VOCABULARY + part.tokens()[i] + 1] = 1;
      }
    }
    return new StepResult(logits, row, VOCABULARY);
  }
}
