package io.parley.model.decoder;

/**
 * The sizes of a model, and what its architecture makes of them.
 *
 * @param vocabularySize tokens, and logits of a row
 * @param contextTokens positions that the model was made for
 * @param width of the residual stream
 * @param layers transformer blocks
 * @param heads query heads
 * @param kvHeads key and value heads; each serves {@code heads / kvHeads} query heads
 * @param headSize dimensions of a head
 * @param feedForwardWidth inner width of the feed-forward part
 * @param normEpsilon added to the mean square in every norm
 * @param variant how the architecture differs from others
 */
public record DecoderConfig(
    int vocabularySize,
    int contextTokens,
    int width,
    int layers,
    int heads,
    int kvHeads,
    int headSize,
    int feedForwardWidth,
    float normEpsilon,
    DecoderVariant variant) {
  /** Positions that a model may be made for. */
  public static final int MAX_CONTEXT_TOKENS = 1 << 24;

  /** Floats of a row, in the residual stream and in the feed-forward part. */
  public static final int MAX_WIDTH = 1 << 18;

  /** Transformer blocks. */
  public static final int MAX_LAYERS = 1 << 12;

  /** Query heads. */
  public static final int MAX_HEADS = 1 << 12;

  /** Dimensions of a head. */
  public static final int MAX_HEAD_SIZE = 1 << 12;

  /** Tokens. */
  public static final int MAX_VOCABULARY = 1 << 24;

  /**
   * Checks that the sizes fit each other.
   *
   * @throws IllegalArgumentException that names the size that does not
   */
  public DecoderConfig {
    require("vocabularySize", vocabularySize, MAX_VOCABULARY);
    require("contextTokens", contextTokens, MAX_CONTEXT_TOKENS);
    require("width", width, MAX_WIDTH);
    require("layers", layers, MAX_LAYERS);
    require("heads", heads, MAX_HEADS);
    require("kvHeads", kvHeads, heads);
    require("headSize", headSize, MAX_HEAD_SIZE);
    require("feedForwardWidth", feedForwardWidth, MAX_WIDTH);
    if (heads % kvHeads != 0) {
      throw new IllegalArgumentException(
          "heads must be a multiple of kvHeads (%d), not %d".formatted(kvHeads, heads));
    }
    if (!(normEpsilon >= 0 && normEpsilon < 1)) {
      throw new IllegalArgumentException("normEpsilon must be in [0, 1), not " + normEpsilon);
    }
    if (variant.attention().size() != layers) {
      throw new IllegalArgumentException(
          "there must be one attention a layer, %d, not %d"
              .formatted(layers, variant.attention().size()));
    }
    for (LayerAttention attention : variant.attention()) {
      attention.rotation().ifPresent(r -> require("rotated dimensions", r.dimensions(), headSize));
    }
  }

  private static void require(String name, int value, int max) {
    if (value < 1 || value > max) {
      throw new IllegalArgumentException(
          "%s must be in [1, %d], not %d".formatted(name, max, value));
    }
  }

  /** What a layer's queries see. */
  LayerAttention attention(int layer) {
    return variant.attention().get(layer);
  }

  /** Width of all query heads together. */
  public int queryWidth() {
    return heads * headSize;
  }

  /** Width of all key heads together, and of all value heads. */
  public int kvWidth() {
    return kvHeads * headSize;
  }
}
