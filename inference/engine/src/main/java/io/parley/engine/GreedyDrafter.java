package io.parley.engine;

import java.util.ArrayList;
import java.util.List;

/**
 * Drafts with a small model of the same vocabulary: its most likely token, then the most likely
 * after that, for all sequences of a step side by side (the draft model of Leviathan et al., "Fast
 * Inference from Transformers via Speculative Decoding", 2023, with proposals of one token each).
 *
 * <p>The small model has a key-value cache with as many blocks as the large one's, and uses the
 * same block numbers. It computes every token that the large one computes, and its own guesses to
 * the last one, so that the cache has no gap whichever of them turn out right. Sequences that are
 * not drafted are left out; where one that is drafted shares blocks that such a sequence filled,
 * its guesses are bad until it has gone far enough. Not thread-safe.
 */
public final class GreedyDrafter implements Drafter {
  private final ModelRunner model;

  /** Drafts with a model that has the same vocabulary, blocks and host slots. */
  public GreedyDrafter(ModelRunner model) {
    this.model = model;
  }

  @Override
  public int[][] draft(StepPlan plan) {
    List<ScheduledSequence> parts = plan.sequences();
    int[][] guesses = new int[parts.size()][];
    for (int i = 0; i < guesses.length; i++) {
      guesses[i] = new int[Math.max(0, parts.get(i).draftRoom())];
    }
    StepPlan next = sameTokens(plan);
    for (int round = 0; !next.isEmpty(); round++) {
      take(model.run(next), round, guesses);
      next = lastGuesses(parts, round, guesses);
    }
    return guesses;
  }

  /** Of those that are drafted, the same tokens; logits for those that have room for a guess. */
  private static StepPlan sameTokens(StepPlan plan) {
    List<ScheduledSequence> parts = new ArrayList<>();
    for (ScheduledSequence part : plan.sequences()) {
      if (part.draftRoom() != ScheduledSequence.UNDRAFTED) {
        parts.add(
            new ScheduledSequence(
                part.sequenceId(),
                part.tokens(),
                part.startPosition(),
                part.blockTable(),
                Math.min(1, part.draftRoom())));
      }
    }
    return new StepPlan(parts, plan.copies());
  }

  private static void take(StepResult result, int round, int[][] guesses) {
    int row = 0;
    for (int[] own : guesses) {
      if (own.length > round) {
        own[round] = mostLikely(result, row++);
      }
    }
  }

  /** The token with the largest logit. */
  static int mostLikely(StepResult result, int row) {
    int from = row * result.vocabularySize();
    int best = 0;
    for (int token = 1; token < result.vocabularySize(); token++) {
      best = result.logits()[from + token] > result.logits()[from + best] ? token : best;
    }
    return best;
  }

  /** The guesses of a round as tokens to compute, with logits for those that have a next round. */
  private static StepPlan lastGuesses(List<ScheduledSequence> parts, int round, int[][] guesses) {
    List<ScheduledSequence> next = new ArrayList<>();
    for (int i = 0; i < guesses.length; i++) {
      ScheduledSequence part = parts.get(i);
      if (guesses[i].length > round) {
        next.add(
            new ScheduledSequence(
                part.sequenceId(),
                new int[] {guesses[i][round]},
                part.startPosition() + part.tokens().length + round,
                part.blockTable(),
                guesses[i].length > round + 1 ? 1 : 0));
      }
    }
    return new StepPlan(next);
  }
}
