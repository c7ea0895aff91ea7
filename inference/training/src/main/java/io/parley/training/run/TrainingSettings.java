package io.parley.training.run;

import io.parley.common.ParleyException;
import io.parley.training.batch.BatchSettings;
import io.parley.training.llama.LlamaShape;
import io.parley.training.llama.Precision;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * What decides the result of a run, apart from its number of steps.
 *
 * @param seed of the initial weights
 * @param data names what the conversations and the vocabulary are; two runs may only continue each
 *     other if it is equal
 * @param learningRate peak of the schedule
 * @param finalShare learning rate at the end, relative to the peak
 * @param warmupSteps steps until the peak
 * @param weightDecay on matrices, relative to the learning rate
 * @param gradientLimit largest norm of a gradient that is not clipped
 * @param microBatchTokens tokens whose gradients are computed at a time: decides the order of sums
 * @param threads of the computation: decides the order of sums too
 */
public record TrainingSettings(
    LlamaShape shape,
    Precision precision,
    long seed,
    String data,
    BatchSettings batch,
    double learningRate,
    double finalShare,
    long warmupSteps,
    float weightDecay,
    double gradientLimit,
    int microBatchTokens,
    int threads) {
  /**
   * Checks that the numbers fit each other.
   *
   * @throws ParleyException INVALID_REQUEST that names the one that does not
   */
  public TrainingSettings {
    require(learningRate > 0 && learningRate < 1, "learningRate", "between 0 and 1");
    require(warmupSteps >= 0, "warmupSteps", "at least 0");
    int longest = Math.max(batch.windowTokens(), batch.longWindowTokens());
    require(
        longest <= shape.contextTokens(),
        "windowTokens and longWindowTokens",
        "at most the " + shape.contextTokens() + " tokens of the model's context");
  }

  private static void require(boolean holds, String field, String rule) {
    if (!holds) {
      throw ParleyException.invalid(field + " must be " + rule);
    }
  }

  /** SHA-256 of all of it, in hexadecimal. */
  public String hash() {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(toString().getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
