package io.parley.simulation.device;

import io.parley.common.ParleyException;
import java.util.Arrays;

/**
 * Which share of its peak a device reaches in matrix products, by the number of tokens in a step.
 * Between the given numbers of tokens the time of a step grows evenly, outside of them the share is
 * that of the nearest.
 *
 * @param tokens rising, at least one, each at least 1
 * @param shares one for each, in (0, 1]
 */
@SuppressWarnings("ArrayRecordComponent") // a table of constants; never compared
public record Efficiency(int[] tokens, double[] shares) {
  public Efficiency {
    if (tokens.length == 0 || tokens.length != shares.length || tokens[0] < 1) {
      throw ParleyException.invalid("efficiency needs one share for each number of tokens");
    }
    for (int i = 0; i < tokens.length; i++) {
      if (i > 0 && tokens[i] <= tokens[i - 1]) {
        throw ParleyException.invalid("efficiency: tokens must rise: " + Arrays.toString(tokens));
      }
      if (!(shares[i] > 0 && shares[i] <= 1)) {
        throw ParleyException.invalid("efficiency must be in (0, 1]: " + shares[i]);
      }
    }
  }

  /** The same share for every step. */
  public static Efficiency constant(double share) {
    return new Efficiency(new int[] {1}, new double[] {share});
  }

  /** The share for a step of this many tokens. */
  public double at(int count) {
    int above = 0;
    while (above < tokens.length && tokens[above] < count) {
      above++;
    }
    if (above == 0 || above == tokens.length) {
      return shares[Math.min(above, tokens.length - 1)];
    }
    double from = tokens[above - 1] / shares[above - 1];
    double to = tokens[above] / shares[above];
    double part = (double) (count - tokens[above - 1]) / (tokens[above] - tokens[above - 1]);
    return count / (from + part * (to - from));
  }
}
