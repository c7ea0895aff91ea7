package io.parley.engine;

import java.util.List;

/** What one step computes: each sequence at most once. Immutable. */
public record StepPlan(List<ScheduledSequence> sequences) {
  public StepPlan {
    sequences = List.copyOf(sequences);
  }

  public boolean isEmpty() {
    return sequences.isEmpty();
  }

  /** Tokens to compute, all sequences together. */
  public int tokens() {
    int tokens = 0;
    for (ScheduledSequence part : sequences) {
      tokens += part.tokens().length;
    }
    return tokens;
  }

  /** Logits rows that the result must have. */
  public int rows() {
    int rows = 0;
    for (ScheduledSequence part : sequences) {
      rows += part.logitsRows();
    }
    return rows;
  }
}
