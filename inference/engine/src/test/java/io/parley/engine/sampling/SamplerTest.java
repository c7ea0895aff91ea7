package io.parley.engine.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SamplerTest {
  private static final int DRAWS = 40_000;

  /** Logarithms of 0.1, 0.4, 0.05, 0.3, 0.15 and a common constant. */
  private static final double[] PROBABILITIES = {0.1, 0.4, 0.05, 0.3, 0.15};

  private static final float[] LOGITS = logits(PROBABILITIES);

  @Test
  void temperatureZeroTakesTheMostProbableAndTheLowestOfEquals() {
    assertThat(draw(SamplingParameters.GREEDY, 1, 5, 2, 5)).isEqualTo(1);
    assertThat(draw(SamplingParameters.GREEDY, -3, -3)).isZero();
  }

  @Test
  void temperatureZeroDrawsNothing() {
    SplittableRandom random = new SplittableRandom(7);
    new Sampler(5).sample(LOGITS, 0, SamplingParameters.GREEDY, random);
    assertThat(random.nextLong()).isEqualTo(new SplittableRandom(7).nextLong());
  }

  @Test
  void everyOtherDrawTakesOneNumber() {
    for (SamplingParameters parameters :
        new SamplingParameters[] {
          parameters(1, 0, 1), parameters(1, 3, 1), parameters(2, 2, 0.5)
        }) {
      SplittableRandom random = new SplittableRandom(7);
      SplittableRandom same = new SplittableRandom(7);
      new Sampler(5).sample(LOGITS, 0, parameters, random);
      same.nextDouble();
      assertThat(random.nextLong()).isEqualTo(same.nextLong());
    }
  }

  @Test
  void temperatureOneDrawsByTheProbabilities() {
    assertFrequencies(parameters(1, 0, 1), PROBABILITIES);
  }

  @Test
  void temperatureSharpensAndFlattens() {
    assertFrequencies(parameters(0.5, 0, 1), normalised(power(PROBABILITIES, 2)));
    assertFrequencies(parameters(2, 0, 1), normalised(power(PROBABILITIES, 0.5)));
  }

  @Test
  void aTinyTemperatureIsGreedy() {
    assertFrequencies(parameters(Double.MIN_VALUE, 0, 1), 0, 1, 0, 0, 0);
    assertFrequencies(parameters(1e-300, 0, 0.999), 0, 1, 0, 0, 0);
  }

  @Test
  void topKKeepsTheMostProbable() {
    assertFrequencies(parameters(1, 2, 1), normalised(0, 0.4, 0, 0.3, 0));
    assertFrequencies(parameters(1, 1, 1), 0, 1, 0, 0, 0);
    assertFrequencies(parameters(1, 5, 1), PROBABILITIES);
    assertFrequencies(parameters(1, 50, 1), PROBABILITIES);
  }

  @Test
  void topPKeepsTheFewestThatReachTheShare() {
    assertFrequencies(parameters(1, 0, 0.69), normalised(0, 0.4, 0, 0.3, 0));
    assertFrequencies(parameters(1, 0, 0.71), normalised(0, 0.4, 0, 0.3, 0.15));
    assertFrequencies(parameters(1, 0, 0.01), 0, 1, 0, 0, 0);
  }

  @Test
  void topPIsAShareOfWhatTopKLeaves() {
    // Of 0.4 and 0.3 the first has 4/7 = 0.571.
    assertFrequencies(parameters(1, 2, 0.57), 0, 1, 0, 0, 0);
    assertFrequencies(parameters(1, 2, 0.58), normalised(0, 0.4, 0, 0.3, 0));
  }

  @Test
  void topKOfEqualsKeepsTheLowest() {
    Sampler sampler = new Sampler(6);
    SplittableRandom random = new SplittableRandom(3);
    for (int i = 0; i < 200; i++) {
      assertThat(sampler.sample(new float[6], 0, parameters(1, 2, 1), random)).isLessThan(2);
    }
  }

  @Test
  void theSameSeedGivesTheSameTokensWhateverTheSamplerDrewBefore() {
    Sampler used = new Sampler(5);
    frequencies(used, parameters(1, 3, 0.8));
    assertThat(frequencies(used, parameters(0.7, 4, 0.9)))
        .containsExactly(frequencies(new Sampler(5), parameters(0.7, 4, 0.9)));
  }

  @Test
  void readsTheRowThatBeginsAtTheOffset() {
    float[] rows = {9, 0, 0, 0, 0, 9};
    assertThat(new Sampler(3).sample(rows, 3, SamplingParameters.GREEDY, new SplittableRandom(1)))
        .isEqualTo(2);
  }

  @Test
  void theHeapAgreesWithASortOnLargeVocabularies() {
    SplittableRandom random = new SplittableRandom(11);
    Sampler sampler = new Sampler(1000);
    for (int round = 0; round < 50; round++) {
      float[] logits = new float[1000];
      for (int i = 0; i < logits.length; i++) {
        logits[i] = random.nextInt(200) / 10f;
      }
      int topK = random.nextInt(1, 30);
      int[] best =
          IntStream.range(0, 1000)
              .boxed()
              .sorted((a, b) -> Float.compare(logits[b], logits[a]))
              .mapToInt(i -> i)
              .limit(topK)
              .toArray();
      for (int i = 0; i < 40; i++) {
        assertThat(best).contains(sampler.sample(logits, 0, parameters(2, topK, 1), random));
      }
    }
  }

  @Test
  void weightsAreExponentials() {
    Weights weights = new Weights(700);
    float[] logits = new float[700];
    for (int i = 0; i < 700; i++) {
      logits[i] = 5 - i * 0.04f;
    }
    weights.fill(logits, 0, 5, 0.7);
    double sum = 0;
    for (int i = 0; i < 700; i++) {
      double expected = Math.exp((logits[i] - 5) / 0.7);
      assertThat(weights.of(i)).isCloseTo(expected, withinPercentage(1e-8));
      sum += expected;
    }
    assertThat(weights.total()).isCloseTo(sum, withinPercentage(1e-8));
  }

  @Test
  void everyTokenOwnsItsShareOfTheTotal() {
    Weights weights = new Weights(200);
    weights.fill(new float[200], 0, 0, 1);
    for (int i = 0; i < 200; i++) {
      assertThat(weights.tokenAt(i)).isEqualTo(i);
      assertThat(weights.tokenAt(i + 0.999)).isEqualTo(i);
    }
    assertThat(weights.tokenAt(200)).as("rounded up to the total").isEqualTo(199);
  }

  @Test
  void refusesWhatIsNotANumber() {
    for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
      assertThatThrownBy(() -> draw(SamplingParameters.GREEDY, 1, 2, bad))
          .isInstanceOfSatisfying(
              ParleyException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.API))
          .hasMessageContaining("token 2");
    }
  }

  @Test
  void parametersOutOfRangeAreRefusedByName() {
    assertThatThrownBy(() -> parameters(2.1, 0, 1)).hasMessageContaining("temperature");
    assertThatThrownBy(() -> parameters(Double.NaN, 0, 1)).hasMessageContaining("temperature");
    assertThatThrownBy(() -> parameters(1, -1, 1)).hasMessageContaining("top_k");
    assertThatThrownBy(() -> parameters(1, 0, 0)).hasMessageContaining("top_p");
  }

  private static SamplingParameters parameters(double temperature, int topK, double topP) {
    return new SamplingParameters(temperature, topK, topP, 0);
  }

  private static int draw(SamplingParameters parameters, float... logits) {
    return new Sampler(logits.length).sample(logits, 0, parameters, new SplittableRandom(1));
  }

  private static double[] frequencies(Sampler sampler, SamplingParameters parameters) {
    SplittableRandom random = new SplittableRandom(42);
    double[] counts = new double[5];
    for (int i = 0; i < DRAWS; i++) {
      counts[sampler.sample(LOGITS, 0, parameters, random)] += 1.0 / DRAWS;
    }
    return counts;
  }

  /** Five standard deviations of the worst case are 0.0125. */
  private static void assertFrequencies(SamplingParameters parameters, double... expected) {
    double[] found = frequencies(new Sampler(5), parameters);
    for (int i = 0; i < 5; i++) {
      assertThat(found[i]).as("token %d", i).isCloseTo(expected[i], within(0.0125));
      assertThat(found[i] == 0).isEqualTo(expected[i] == 0);
    }
  }

  private static float[] logits(double... probabilities) {
    float[] logits = new float[probabilities.length];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = (float) (Math.log(probabilities[i]) + 3);
    }
    return logits;
  }

  private static double[] power(double[] values, double exponent) {
    return Arrays.stream(values).map(value -> Math.pow(value, exponent)).toArray();
  }

  private static double[] normalised(double... values) {
    double sum = Arrays.stream(values).sum();
    return Arrays.stream(values).map(value -> value / sum).toArray();
  }
}
