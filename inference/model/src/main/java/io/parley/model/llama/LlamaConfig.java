package io.parley.model.llama;

import io.parley.model.gguf.GgufFile;
import io.parley.model.gguf.Metadata;
import java.util.List;

/**
 * The sizes of a model.
 *
 * @param vocabularySize tokens, and logits of a row
 * @param contextTokens positions that the model was made for
 * @param width of the residual stream
 * @param layers transformer blocks
 * @param heads query heads
 * @param kvHeads key and value heads; each serves {@code heads / kvHeads} query heads
 * @param headSize dimensions of a head
 * @param feedForwardWidth inner width of the feed-forward part
 * @param ropeDimensions how many dimensions of a head are rotated; even
 * @param ropeBase base of the rotation's wavelengths
 * @param normEpsilon added to the mean square in every norm
 */
public record LlamaConfig(
    int vocabularySize,
    int contextTokens,
    int width,
    int layers,
    int heads,
    int kvHeads,
    int headSize,
    int feedForwardWidth,
    int ropeDimensions,
    float ropeBase,
    float normEpsilon) {
  private static final int MAX_CONTEXT_TOKENS = 1 << 24;
  private static final int MAX_WIDTH = 1 << 18;
  private static final int MAX_LAYERS = 1 << 12;
  private static final int MAX_HEADS = 1 << 12;
  private static final int MAX_HEAD_SIZE = 1 << 12;
  private static final int MAX_VOCABULARY = 1 << 24;

  /**
   * Checks that the sizes fit each other.
   *
   * @throws IllegalArgumentException that names the size that does not
   */
  public LlamaConfig {
    require("vocabularySize", vocabularySize, MAX_VOCABULARY);
    require("contextTokens", contextTokens, MAX_CONTEXT_TOKENS);
    require("width", width, MAX_WIDTH);
    require("layers", layers, MAX_LAYERS);
    require("heads", heads, MAX_HEADS);
    require("kvHeads", kvHeads, heads);
    require("headSize", headSize, MAX_HEAD_SIZE);
    require("feedForwardWidth", feedForwardWidth, MAX_WIDTH);
    require("ropeDimensions", ropeDimensions, headSize);
    if (heads % kvHeads != 0) {
      throw new IllegalArgumentException(
          "heads must be a multiple of kvHeads (%d), not %d".formatted(kvHeads, heads));
    }
    if (ropeDimensions % 2 != 0) {
      throw new IllegalArgumentException("ropeDimensions must be even, not " + ropeDimensions);
    }
    if (!(ropeBase >= 1) || ropeBase == Float.POSITIVE_INFINITY) {
      throw new IllegalArgumentException("ropeBase must be at least 1, not " + ropeBase);
    }
    if (!(normEpsilon >= 0 && normEpsilon < 1)) {
      throw new IllegalArgumentException("normEpsilon must be in [0, 1), not " + normEpsilon);
    }
  }

  private static void require(String name, int value, int max) {
    if (value < 1 || value > max) {
      throw new IllegalArgumentException(
          "%s must be in [1, %d], not %d".formatted(name, max, value));
    }
  }

  /** Width of all query heads together. */
  public int queryWidth() {
    return heads * headSize;
  }

  /** Width of all key heads together, and of all value heads. */
  public int kvWidth() {
    return kvHeads * headSize;
  }

  /**
   * Reads the {@code llama.*} keys.
   *
   * @throws io.parley.model.gguf.GgufException if the file holds another architecture, uses a part
   *     of this one that is not supported, or a key is missing or out of range
   */
  public static LlamaConfig from(GgufFile file) {
    Metadata metadata = file.metadata();
    String architecture = metadata.string("general.architecture");
    if (!architecture.equals("llama")) {
      throw metadata.failure(
          "general.architecture",
          "architecture \"%s\" is not supported; only \"llama\" is".formatted(architecture));
    }
    refuseUnsupported(metadata);
    int width = integer(metadata, "embedding_length", MAX_WIDTH);
    int heads = integer(metadata, "attention.head_count", MAX_HEADS);
    int headSize =
        integer(metadata, "attention.key_length", MAX_HEAD_SIZE, Math.ceilDiv(width, heads));
    try {
      return new LlamaConfig(
          vocabularySize(file),
          integer(metadata, "context_length", MAX_CONTEXT_TOKENS),
          width,
          integer(metadata, "block_count", MAX_LAYERS),
          heads,
          integer(metadata, "attention.head_count_kv", heads, heads),
          headSize,
          integer(metadata, "feed_forward_length", MAX_WIDTH),
          integer(metadata, "rope.dimension_count", headSize, headSize),
          (float) metadata.number("llama.rope.freq_base", 10_000),
          (float) metadata.number("llama.attention.layer_norm_rms_epsilon"));
    } catch (IllegalArgumentException e) {
      throw metadata.failure("llama", String.valueOf(e.getMessage()));
    }
  }

  private static int integer(Metadata metadata, String key, int max) {
    return (int) metadata.integer("llama." + key, 1, max);
  }

  private static int integer(Metadata metadata, String key, int max, int absent) {
    return (int) metadata.integer("llama." + key, 1, max, absent);
  }

  /** The rows of the embedding, which the names of tokens must match if the file has any. */
  private static int vocabularySize(GgufFile file) {
    List<Long> dimensions = file.tensor(LlamaModel.EMBEDDING).dimensions();
    long rows = dimensions.size() == 2 ? dimensions.get(1) : -1;
    if (rows < 1 || rows > MAX_VOCABULARY) {
      throw file.metadata()
          .failure("llama", "%s has dimensions %s".formatted(LlamaModel.EMBEDDING, dimensions));
    }
    String tokens = "tokenizer.ggml.tokens";
    if (file.metadata().has(tokens) && file.metadata().strings(tokens).size() != rows) {
      throw file.metadata()
          .failure(
              tokens,
              "there are not " + rows + " tokens, one for each row of " + LlamaModel.EMBEDDING);
    }
    return (int) rows;
  }

  private static void refuseUnsupported(Metadata metadata) {
    String scaling = metadata.findString("llama.rope.scaling.type").orElse("none");
    if (!scaling.equals("none")) {
      throw metadata.failure(
          "llama.rope.scaling.type", "rope scaling \"%s\" is not supported".formatted(scaling));
    }
    if (metadata.integer("llama.expert_count", 0, Integer.MAX_VALUE, 0) > 0) {
      throw metadata.failure("llama.expert_count", "a mixture of experts is not supported");
    }
    String keyLength = "llama.attention.key_length";
    String valueLength = "llama.attention.value_length";
    if (metadata.has(valueLength)
        && metadata.integer(valueLength, 1, MAX_HEAD_SIZE)
            != metadata.integer(keyLength, 1, MAX_HEAD_SIZE)) {
      throw metadata.failure(valueLength, "must be equal to " + keyLength);
    }
  }
}
