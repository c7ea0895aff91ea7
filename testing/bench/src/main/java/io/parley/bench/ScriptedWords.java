package io.parley.bench;

import io.parley.engine.ModelRunner;
import io.parley.engine.ScheduledSequence;
import io.parley.engine.StepPlan;
import io.parley.engine.StepResult;
import java.util.Arrays;

/**
 * Says {@link Words} that depend on the sequence and the position alone. Some sequences say the
 * same few again and again, so that guesses at them are right; the others repeat themselves by
 * chance alone. Not thread-safe.
 */
final class ScriptedWords implements ModelRunner {
  private static final int PERIOD_TOKENS = 24;

  private final int repeating;
  private float[] logits = new float[0];

  /** One sequence in {@code repeating} repeats itself; none if it is 0. */
  ScriptedWords(int repeating) {
    this.repeating = repeating;
  }

  @Override
  public StepResult run(StepPlan plan) {
    int size = Words.INSTANCE.size();
    logits = logits.length < plan.rows() * size ? new float[plan.rows() * size] : logits;
    Arrays.fill(logits, 0);
    int row = 0;
    for (ScheduledSequence part : plan.sequences()) {
      int end = part.startPosition() + part.tokens().length;
      for (int back = part.logitsRows() - 1; back >= 0; back--) {
        logits[row++ * size + word(part.sequenceId(), end - back, size)] = 1;
      }
    }
    return new StepResult(logits, row, size);
  }

  private int word(long sequence, int position, int size) {
    boolean repeats = repeating > 0 && sequence % repeating == 0;
    int at = repeats ? position % PERIOD_TOKENS : position;
    long z = (sequence * 0x9e3779b97f4a7c15L + at) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return (int) Math.floorMod(z ^ (z >>> 31), (long) size);
  }
}
