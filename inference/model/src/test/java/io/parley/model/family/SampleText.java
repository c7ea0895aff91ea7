package io.parley.model.family;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.model.decoder.Decoder;
import io.parley.model.decoder.DecoderModel;
import io.parley.model.decoder.ForwardBatch;
import io.parley.model.decoder.KvCache;
import java.util.stream.IntStream;

/** A text, what a model makes of it, and how far two such results are apart. */
public final class SampleText {
  /** English of the kind that the models that ship have seen, and some that they have not. */
  public static final String TEXT =
      """
      What is the capital of France? The capital of France is Paris. How do I make tea? Boil water,
      pour it over the leaves and wait for three minutes. The quick brown fox jumps over the lazy
      dog, and the dog does not mind: 1, 2, 3, 42. Why is the sky blue? Because air scatters blue
      light more than red. Thank you! You are welcome; ask me anything else you would like to know.
      """;

  private SampleText() {}

  /** The logits behind each token, computed in one batch. */
  public static float[] logits(DecoderModel model, int[] tokens) {
    Decoder decoder = new Decoder(model, new KvCache(model.config(), 1, 512), tokens.length);
    int[] all = IntStream.range(0, tokens.length).toArray();
    float[] logits = new float[tokens.length * model.config().vocabularySize()];
    int[][] table = {{0}};
    decoder.forward(new ForwardBatch(tokens, all, new int[tokens.length], table, all), logits);
    return logits;
  }

  /** The root mean square of the difference, as a part of that of what is expected. */
  public static double distance(float[] actual, float[] expected) {
    assertThat(actual).hasSameSizeAs(expected);
    float[] difference = new float[actual.length];
    for (int i = 0; i < actual.length; i++) {
      difference[i] = actual[i] - expected[i];
    }
    return rootMeanSquare(difference) / rootMeanSquare(expected);
  }

  private static double rootMeanSquare(float[] x) {
    double sum = 0;
    for (float v : x) {
      sum += (double) v * v;
    }
    return Math.sqrt(sum / x.length);
  }

  /** Mean of -ln p(token | those before), the logarithm of the perplexity. */
  public static double crossEntropy(float[] logits, int[] tokens) {
    int vocabulary = logits.length / tokens.length;
    double sum = 0;
    for (int t = 0; t + 1 < tokens.length; t++) {
      double total = 0;
      for (int v = 0; v < vocabulary; v++) {
        total += Math.exp(logits[t * vocabulary + v]);
      }
      sum += Math.log(total) - logits[t * vocabulary + tokens[t + 1]];
    }
    return sum / (tokens.length - 1);
  }
}
