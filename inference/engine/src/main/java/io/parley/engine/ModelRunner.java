package io.parley.engine;

/**
 * Computes what a plan asks for: makes its copies, one after the other, then writes keys and values
 * of every new token into the blocks, and returns the logits that are wanted.
 *
 * <p>Called by one thread at a time. A position that a plan reads was written before, by an earlier
 * step that did not throw or by this one; but not always for the same sequence, because sequences
 * of one organisation share blocks that hold the same tokens at the same positions. So what a
 * runner writes for a token may depend on the tokens up to it, and on nothing else; and a block
 * that is in no plan keeps its contents, and so does a slot of host memory that no copy writes. If
 * a run throws, the sequences of that plan fail, and nobody reads what it wrote: a runner needs no
 * clean-up.
 */
@FunctionalInterface
public interface ModelRunner {
  /**
   * Runs one step.
   *
   * @param plan at least one sequence, or copies
   * @return the rows that each sequence wants, in the order of the plan and of its tokens
   */
  StepResult run(StepPlan plan);
}
