package io.parley.simulation.trace;

import io.parley.common.ParleyException;
import java.util.random.RandomGenerator;

/**
 * Lengths in tokens with a heavy tail: log-normal, and for some a Pareto tail above it, cut to a
 * range.
 *
 * @param median of the log-normal part, greater than 0
 * @param sigma standard deviation of the logarithm, at least 0; 0 makes all lengths equal
 * @param tailShare which share comes from the tail instead, in [0, 1]
 * @param tailStart where the tail begins, greater than 0
 * @param tailExponent the α of the Pareto distribution, greater than 0; up to 1 its mean is decided
 *     by {@code most} alone
 * @param least shortest length, at least 1
 * @param most longest length, at least {@code least}
 */
public record Lengths(
    double median,
    double sigma,
    double tailShare,
    double tailStart,
    double tailExponent,
    int least,
    int most) {
  public Lengths {
    require(median > 0, "median", median);
    require(sigma >= 0, "sigma", sigma);
    require(tailShare >= 0 && tailShare <= 1, "tail_share", tailShare);
    require(tailStart > 0, "tail_start", tailStart);
    require(tailExponent > 0, "tail_exponent", tailExponent);
    require(least >= 1, "least", least);
    require(most >= least, "most", most);
  }

  private static void require(boolean holds, String field, double value) {
    if (!holds) {
      throw ParleyException.invalid("lengths: %s is out of range: %s".formatted(field, value));
    }
  }

  /** Without a tail. */
  public static Lengths logNormal(double median, double sigma, int least, int most) {
    return new Lengths(median, sigma, 0, 1, 1, least, most);
  }

  int draw(RandomGenerator random) {
    // Three numbers whatever the case, so that one setting does not shift all that follow.
    boolean tail = random.nextDouble() < tailShare;
    double uniform = 1 - random.nextDouble();
    double gaussian = random.nextGaussian();
    double length =
        tail
            ? tailStart * Math.pow(uniform, -1 / tailExponent)
            : median * Math.exp(sigma * gaussian);
    return (int) Math.max(least, Math.min(most, Math.round(length)));
  }
}
