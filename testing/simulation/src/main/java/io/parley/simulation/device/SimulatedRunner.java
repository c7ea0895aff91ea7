package io.parley.simulation.device;

import io.parley.engine.ModelRunner;
import io.parley.engine.ScheduledSequence;
import io.parley.engine.StepPlan;
import io.parley.engine.StepResult;
import java.util.Arrays;

/**
 * A model that thinks nothing and takes its time: its logits say the same word until the script
 * ends the turn, and {@link #nanosOf} tells how long a device would take. Real schedulers, samplers
 * and token writers run on it unchanged. Not thread-safe.
 */
public final class SimulatedRunner implements ModelRunner {
  private final Roofline roofline;
  private final OutputScript script;
  private float[] logits = new float[0];

  public SimulatedRunner(Roofline roofline, OutputScript script) {
    this.roofline = roofline;
    this.script = script;
  }

  /** How long the device takes for a step, in nanoseconds. */
  public long nanosOf(Work work) {
    return roofline.stepNanos(work);
  }

  @Override
  public StepResult run(StepPlan plan) {
    int rows = 0;
    for (ScheduledSequence part : plan.sequences()) {
      int length = part.startPosition() + part.tokens().length;
      for (int back = part.logitsRows() - 1; back >= 0; back--) {
        say(rows++, length - back + 1 >= script.lengthAtEndOfTurn(part.sequenceId()));
      }
    }
    long copyNanos = roofline.copyNanos(plan.copies().size());
    return new StepResult(logits, rows, SimulatedVocabulary.SIZE, copyNanos);
  }

  private void say(int row, boolean endOfTurn) {
    int at = row * SimulatedVocabulary.SIZE;
    if (at + SimulatedVocabulary.SIZE > logits.length) {
      logits = Arrays.copyOf(logits, 2 * (at + SimulatedVocabulary.SIZE));
    }
    logits[at + SimulatedVocabulary.END_OF_TURN] = endOfTurn ? 1 : 0;
    logits[at + SimulatedVocabulary.WORD] = endOfTurn ? 0 : 1;
  }
}
