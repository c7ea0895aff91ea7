package io.parley.model.decoder;

import java.util.List;

/**
 * How heads are turned by their position: pair i by position × base^(-2i / dimensions) before
 * scaling (Su et al. 2021, arXiv:2104.09864).
 *
 * @param layout which dimensions are a pair
 * @param dimensions how many dimensions of a head are turned; even
 * @param base of the wavelengths, at least 1
 * @param divisors of the angle, one for each pair, as Llama 3 stretches its context; or none
 * @param scaling over longer contexts
 */
public record Rotation(
    RotaryLayout layout, int dimensions, double base, List<Float> divisors, RotaryScaling scaling) {
  /**
   * Checks that the parts fit each other.
   *
   * @throws IllegalArgumentException that names the part that does not
   */
  public Rotation {
    divisors = List.copyOf(divisors);
    if (dimensions < 2 || dimensions % 2 != 0) {
      throw new IllegalArgumentException(
          "rotated dimensions must be even and at least 2, not " + dimensions);
    }
    if (!(base >= 1) || base == Double.POSITIVE_INFINITY) {
      throw new IllegalArgumentException("ropeBase must be at least 1, not " + base);
    }
    if (!divisors.isEmpty() && divisors.size() != dimensions / 2) {
      throw new IllegalArgumentException(
          "there must be one divisor a pair, %d, not %d"
              .formatted(dimensions / 2, divisors.size()));
    }
    for (float divisor : divisors) {
      if (!(divisor > 0) || divisor == Float.POSITIVE_INFINITY) {
        throw new IllegalArgumentException("a rope divisor must be above 0, not " + divisor);
      }
    }
  }

  /** A rotation as trained. */
  public static Rotation plain(RotaryLayout layout, int dimensions, double base) {
    return new Rotation(layout, dimensions, base, List.of(), new RotaryScaling.None());
  }

  /** Radians a position, by pair. */
  double[] frequencies() {
    double[] out = new double[dimensions / 2];
    for (int i = 0; i < out.length; i++) {
      double trained = Math.pow(base, -2.0 * i / dimensions);
      double divisor = divisors.isEmpty() ? 1 : divisors.get(i);
      out[i] = scaled(i, trained / divisor);
    }
    return out;
  }

  private double scaled(int pair, double frequency) {
    return switch (scaling) {
      case RotaryScaling.None none -> frequency;
      case RotaryScaling.Linear linear -> frequency / linear.factor();
      case RotaryScaling.Yarn yarn -> {
        double kept = yarn.extrapolation() * fast(yarn, pair);
        yield frequency / yarn.factor() * (1 - kept) + frequency * kept;
      }
    };
  }

  /** 1 for pairs that turn fast, 0 for slow ones, a ramp between them. */
  private double fast(RotaryScaling.Yarn yarn, int pair) {
    double low = Math.max(0, Math.floor(pairOfTurns(yarn, yarn.betaFast())));
    double high = Math.min(dimensions - 1, Math.ceil(pairOfTurns(yarn, yarn.betaSlow())));
    double ramp = (pair - low) / Math.max(0.001, high - low);
    return 1 - Math.clamp(ramp, 0.0, 1.0);
  }

  /** The pair, as a real number, that turns so often over the original context. */
  private double pairOfTurns(RotaryScaling.Yarn yarn, double turns) {
    double wavelengths = yarn.originalContext() / (turns * 2 * Math.PI);
    return dimensions * Math.log(wavelengths) / (2 * Math.log(base));
  }

  /** What rotated vectors are multiplied by. */
  double magnitude() {
    return switch (scaling) {
      case RotaryScaling.Yarn yarn when yarn.extrapolation() > 0 ->
          yarn.magnitude() * (1 + 0.1 * Math.log(yarn.factor()));
      case RotaryScaling.Yarn yarn -> yarn.magnitude();
      default -> 1;
    };
  }
}
