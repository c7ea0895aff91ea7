package io.parley.model.decoder;

import java.util.List;
import java.util.Set;

/**
 * How an architecture differs from a plain transformer of RMSNorm, attention and gated feed-forward
 * parts.
 *
 * @param attention one for each layer
 * @param parts weights beyond those that all architectures have
 * @param activation of the feed-forward part
 * @param embeddingScale what embeddings are multiplied by; 1 for not at all
 * @param queryScale what queries are multiplied by before the usual 1 / √headSize
 * @param attentionSoftCap bound of attention scores; 0 for none
 * @param outputSoftCap bound of logits; 0 for none
 */
public record DecoderVariant(
    List<LayerAttention> attention,
    Set<LayerPart> parts,
    Activation activation,
    float embeddingScale,
    float queryScale,
    float attentionSoftCap,
    float outputSoftCap) {
  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException that names the one that is wrong
   */
  public DecoderVariant {
    attention = List.copyOf(attention);
    parts = Set.copyOf(parts);
    require("embeddingScale", embeddingScale, embeddingScale > 0);
    require("queryScale", queryScale, queryScale > 0);
    require("attentionSoftCap", attentionSoftCap, attentionSoftCap >= 0);
    require("outputSoftCap", outputSoftCap, outputSoftCap >= 0);
  }

  private static void require(String name, float value, boolean condition) {
    if (!condition || value == Float.POSITIVE_INFINITY) {
      throw new IllegalArgumentException(name + " is out of range: " + value);
    }
  }

  /** Nothing but attention, with SwiGLU. */
  public static DecoderVariant plain(List<LayerAttention> attention) {
    return new DecoderVariant(attention, Set.of(), Activation.SWIGLU, 1, 1, 0, 0);
  }

  /** The same with more weights. */
  public DecoderVariant with(LayerPart... more) {
    return new DecoderVariant(
        attention,
        Set.of(more),
        activation,
        embeddingScale,
        queryScale,
        attentionSoftCap,
        outputSoftCap);
  }

  boolean has(LayerPart part) {
    return parts.contains(part);
  }
}
