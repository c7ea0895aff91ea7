package io.parley.training.optim;

/**
 * Learning rate over the steps of a run: rises linearly for {@code warmupSteps}, then falls along
 * half a cosine towards {@code finalShare} of the peak (Loshchilov and Hutter 2017).
 *
 * @param peak highest rate
 * @param finalShare where the cosine ends, just after the last step, relative to the peak, 0 to 1
 * @param warmupSteps steps until the peak; 0 starts with it
 */
public record CosineSchedule(double peak, double finalShare, long warmupSteps, long totalSteps) {
  /** The rate of a step, counted from 0. */
  public double rate(long step) {
    if (step < warmupSteps) {
      return peak * (step + 1) / warmupSteps;
    }
    double progress =
        Math.min(1, (double) (step - warmupSteps) / Math.max(1, totalSteps - warmupSteps));
    return peak * (finalShare + (1 - finalShare) * 0.5 * (1 + Math.cos(Math.PI * progress)));
  }
}
