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
    return sequences.stream().mapToInt(part -> part.tokens().length).sum();
  }

  /** Logits rows that the result must have. */
  public int rows() {
    return sequences.stream().mapToInt(ScheduledSequence::logitsRows).sum();
  }
}
