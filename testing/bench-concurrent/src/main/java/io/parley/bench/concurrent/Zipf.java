package io.parley.bench.concurrent;

import java.util.Arrays;
import java.util.Random;

/** Keys as they are asked for: few of them often. Chance in proportion to 1 ÷ rank^exponent. */
final class Zipf {
  private Zipf() {}

  /** So many draws from keys 0 to {@code keys - 1}, in an order that a seed fixes. */
  static Integer[] draws(int keys, double exponent, int count, long seed) {
    double[] cumulative = new double[keys];
    double sum = 0;
    for (int i = 0; i < keys; i++) {
      sum += 1 / Math.pow(i + 1, exponent);
      cumulative[i] = sum;
    }
    Random random = new Random(seed);
    Integer[] draws = new Integer[count];
    for (int i = 0; i < count; i++) {
      int found = Arrays.binarySearch(cumulative, random.nextDouble() * sum);
      draws[i] = Math.min(keys - 1, found >= 0 ? found : -found - 1);
    }
    return draws;
  }
}
