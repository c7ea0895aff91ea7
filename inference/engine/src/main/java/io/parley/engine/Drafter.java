package io.parley.engine;

/**
 * Guesses the tokens that come next by a model that is much cheaper than the one that checks them.
 *
 * <p>Sees every plan before the {@link ModelRunner} does, also those that leave it no room: with
 * them it can compute keys and values of its own for the same tokens, at the same places of the
 * same blocks. If it does that for every plan, and carries out the copies, then what is shared,
 * evicted, preempted or swapped out needs no further care: block numbers say where everything is.
 * Its guesses change how fast an answer comes and nothing else, whatever they are.
 *
 * <p>Called by the thread of the engine.
 */
@FunctionalInterface
public interface Drafter {
  /**
   * Guesses for one step.
   *
   * @param plan at least one sequence, or copies
   * @return for each sequence of the plan, in order, up to {@link ScheduledSequence#draftRoom}
   *     tokens of the vocabulary, maybe none
   */
  int[][] draft(StepPlan plan);
}
