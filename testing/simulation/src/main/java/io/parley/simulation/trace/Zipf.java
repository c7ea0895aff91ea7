package io.parley.simulation.trace;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/** Draws 0 … n − 1 with weights 1 / (i + 1)^exponent. Immutable. */
final class Zipf {
  private final double[] cumulated;

  Zipf(int count, double exponent) {
    cumulated = new double[count];
    double sum = 0;
    for (int i = 0; i < count; i++) {
      sum += Math.pow(i + 1, -exponent);
      cumulated[i] = sum;
    }
  }

  int draw(RandomGenerator random) {
    double target = random.nextDouble() * cumulated[cumulated.length - 1];
    int found = Arrays.binarySearch(cumulated, target);
    int above = found < 0 ? -found - 1 : found + 1;
    return Math.min(above, cumulated.length - 1);
  }
}
