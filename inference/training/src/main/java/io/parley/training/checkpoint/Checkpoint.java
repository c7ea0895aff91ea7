package io.parley.training.checkpoint;

import java.util.Arrays;

/**
 * Everything that decides how a run goes on. There is no generator among it: initial weights are
 * drawn before the first step, and data is a function of {@code position}.
 *
 * @param settings hash of the settings that the run was started with
 * @param step number of steps done
 * @param totalSteps number of steps of the whole run
 * @param position index of the next conversation
 * @param weights in layout order
 * @param firstMoments of the optimizer, in layout order
 * @param secondMoments of the optimizer, in layout order
 */
@SuppressWarnings("ArrayRecordComponent") // Equality is by content, below.
public record Checkpoint(
    String settings,
    long step,
    long totalSteps,
    long position,
    float[] weights,
    float[] firstMoments,
    float[] secondMoments) {
  public Checkpoint {
    if (weights.length != firstMoments.length || weights.length != secondMoments.length) {
      throw new IllegalArgumentException("weights and moments differ in length");
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Checkpoint that
        && settings.equals(that.settings)
        && step == that.step
        && totalSteps == that.totalSteps
        && position == that.position
        && Arrays.equals(weights, that.weights)
        && Arrays.equals(firstMoments, that.firstMoments)
        && Arrays.equals(secondMoments, that.secondMoments);
  }

  @Override
  public int hashCode() {
    return Long.hashCode(step) ^ settings.hashCode();
  }

  @Override
  public String toString() {
    return "Checkpoint[step " + step + " of " + totalSteps + ", position " + position + "]";
  }
}
