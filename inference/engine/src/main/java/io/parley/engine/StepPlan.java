package io.parley.engine;

import java.util.ArrayList;
import java.util.List;

/**
 * What one step computes: each sequence at most once. Immutable.
 *
 * @param copies blocks to copy before anything is computed, one after the other: a slot or block
 *     that one copy reads may be written by a later one
 */
public record StepPlan(List<ScheduledSequence> sequences, List<BlockCopy> copies) {
  public StepPlan {
    sequences = List.copyOf(sequences);
    copies = List.copyOf(copies);
  }

  /** A plan that copies nothing. */
  public StepPlan(List<ScheduledSequence> sequences) {
    this(sequences, List.of());
  }

  /** Whether there is nothing to do. */
  public boolean isEmpty() {
    return sequences.isEmpty() && copies.isEmpty();
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

  /**
   * This plan with guesses that a drafter made.
   *
   * @param guesses for each sequence, in order, at most its {@link ScheduledSequence#draftRoom}
   */
  StepPlan with(int[][] guesses) {
    List<ScheduledSequence> parts = new ArrayList<>();
    for (int i = 0; i < guesses.length; i++) {
      parts.add(sequences.get(i).with(guesses[i]));
    }
    return new StepPlan(parts, copies);
  }
}
