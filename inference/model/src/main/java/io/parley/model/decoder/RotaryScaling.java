package io.parley.model.decoder;

/** How a rotation is stretched over more positions than the model was first trained for. */
public sealed interface RotaryScaling {
  /** As trained. */
  record None() implements RotaryScaling {}

  /**
   * Positions are divided (Chen et al. 2023, arXiv:2306.15595).
   *
   * @param factor at least 1
   */
  record Linear(double factor) implements RotaryScaling {
    public Linear {
      requireFactor(factor);
    }
  }

  /**
   * YaRN (Peng et al. 2023, arXiv:2309.00071): pairs that turn fast are left alone, slow ones are
   * interpolated, those between go over smoothly; scores are sharpened.
   *
   * @param factor at least 1
   * @param originalContext positions of the first training
   * @param magnitude of the rotated vectors, beyond what the paper multiplies them by
   * @param extrapolation how far fast pairs are left alone: 1 as in the paper, 0 not at all
   * @param betaFast turns over the original context above which a pair is left alone
   * @param betaSlow turns below which it is interpolated in full
   */
  record Yarn(
      double factor,
      int originalContext,
      double magnitude,
      double extrapolation,
      double betaFast,
      double betaSlow)
      implements RotaryScaling {
    public Yarn {
      requireFactor(factor);
      if (originalContext < 1
          || !(magnitude > 0 && magnitude < 1e3)
          || !(extrapolation >= 0 && extrapolation <= 1)
          || !(betaSlow > 0 && betaFast >= betaSlow && betaFast < 1e6)) {
        throw new IllegalArgumentException(
            ("yarn needs originalContext ≥ 1, magnitude > 0, extrapolation in [0, 1] and"
                    + " 0 < betaSlow ≤ betaFast, not %d, %s, %s, %s and %s")
                .formatted(originalContext, magnitude, extrapolation, betaSlow, betaFast));
      }
    }
  }

  private static void requireFactor(double factor) {
    if (!(factor >= 1 && factor <= 1e6)) {
      throw new IllegalArgumentException(
          "the factor of rope scaling must be in [1, 1000000], not " + factor);
    }
  }
}
