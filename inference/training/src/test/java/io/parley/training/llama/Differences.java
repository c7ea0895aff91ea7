package io.parley.training.llama;

/** How far two arrays of one length are apart. */
final class Differences {
  private Differences() {}

  /** The largest difference of two values at one place. */
  static double largest(float[] actual, float[] expected) {
    double largest = 0;
    for (int i = 0; i < expected.length; i++) {
      largest = Math.max(largest, Math.abs((double) actual[i] - expected[i]));
    }
    return largest;
  }

  /** The length of the difference, relative to that of {@code expected}. */
  static double relative(float[] actual, float[] expected) {
    double difference = 0;
    double length = 0;
    for (int i = 0; i < expected.length; i++) {
      difference += Math.pow((double) actual[i] - expected[i], 2);
      length += Math.pow(expected[i], 2);
    }
    return Math.sqrt(difference / length);
  }
}
