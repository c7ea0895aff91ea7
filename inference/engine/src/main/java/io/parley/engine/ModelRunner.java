package io.parley.engine;

/**
 * Computes what a plan asks for: writes keys and values of every new token into the blocks, and
 * returns the logits that are wanted.
 *
 * <p>Called by one thread at a time. If it throws, the sequences of that plan fail and their blocks
 * go to others, who write each position before they read it: a runner needs no clean-up.
 */
@FunctionalInterface
public interface ModelRunner {
  /**
   * Runs one step.
   *
   * @param plan at least one sequence
   * @return the rows that each sequence wants, in the order of the plan and of its tokens
   */
  StepResult run(StepPlan plan);
}
