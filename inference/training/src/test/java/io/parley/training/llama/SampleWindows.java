package io.parley.training.llama;

import java.util.Arrays;
import java.util.Random;

/** Windows with random tokens. */
final class SampleWindows {
  private SampleWindows() {}

  /**
   * One window a row of {@code lengths}; a row's conversations stand one after the other and fill
   * the window. Every third target is left out, every second of the others counts a tenth.
   */
  static Windows of(int vocabulary, Random random, int[]... lengths) {
    int windowTokens = Arrays.stream(lengths[0]).sum();
    int size = lengths.length * windowTokens;
    Windows windows =
        new Windows(
            lengths.length,
            windowTokens,
            random.ints(size, 0, vocabulary).toArray(),
            random.ints(size, 0, vocabulary).toArray(),
            new float[size],
            new int[size],
            new int[size]);
    int place = 0;
    for (int[] row : lengths) {
      for (int segment = 0; segment < row.length; segment++) {
        for (int i = 0; i < row[segment]; i++, place++) {
          windows.segments()[place] = segment;
          windows.positions()[place] = i;
          windows.targetWeights()[place] = place % 3 == 0 ? 0 : place % 2 == 0 ? 0.1f : 1;
        }
      }
    }
    return windows;
  }

  /** One conversation of a window of {@link #of}, as a window of its own. */
  static Windows cut(Windows windows, int from, int to) {
    return new Windows(
        1,
        to - from,
        Arrays.copyOfRange(windows.tokens(), from, to),
        Arrays.copyOfRange(windows.targets(), from, to),
        Arrays.copyOfRange(windows.targetWeights(), from, to),
        new int[to - from],
        Arrays.copyOfRange(windows.positions(), from, to));
  }

  /** Weights large enough that every part of the model matters. */
  static float[] lively(LlamaShape shape, Random random) {
    float[] weights = InitialWeights.draw(shape, random);
    for (Parameter parameter : new ParameterLayout(shape).parameters()) {
      for (int i = parameter.offset(); i < parameter.offset() + parameter.size(); i++) {
        weights[i] =
            parameter.isVector() ? 1 + 0.3f * (float) random.nextGaussian() : 15 * weights[i];
      }
    }
    return weights;
  }
}
