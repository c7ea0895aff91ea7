package io.parley.model.decoder;

import io.parley.model.decoder.DecoderTensors.Wanted;
import io.parley.model.kernel.WeightMatrix;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The weights of one transformer block; those of a {@link LayerPart} it lacks are null. */
@SuppressWarnings("ArrayRecordComponent") // Compared by nobody.
record DecoderLayer(
    float[] attentionNorm,
    WeightMatrix query,
    WeightMatrix key,
    WeightMatrix value,
    @Nullable AttentionBias bias,
    @Nullable HeadNorms headNorms,
    WeightMatrix attentionOutput,
    float @Nullable [] postAttentionNorm,
    float[] feedForwardNorm,
    WeightMatrix gate,
    WeightMatrix up,
    WeightMatrix down,
    float @Nullable [] postFeedForwardNorm) {

  /** What is added to queries, keys and values, all heads together. */
  @SuppressWarnings("ArrayRecordComponent") // Compared by nobody.
  record AttentionBias(float[] query, float[] key, float[] value) {}

  /** Norms over one head. */
  @SuppressWarnings("ArrayRecordComponent") // Compared by nobody.
  record HeadNorms(float[] query, float[] key) {}

  List<WeightMatrix> matrices() {
    return List.of(query, key, value, attentionOutput, gate, up, down);
  }

  static DecoderLayer read(DecoderTensors tensors, DecoderConfig config, String prefix) {
    int width = config.width();
    Iterator<WeightMatrix> matrices = tensors.matrices(matrices(config, prefix)).iterator();
    return new DecoderLayer(
        tensors.vector(prefix + "attn_norm.weight", width),
        matrices.next(),
        matrices.next(),
        matrices.next(),
        bias(tensors, config, prefix),
        headNorms(tensors, config, prefix),
        matrices.next(),
        postNorm(tensors, config, prefix + "post_attention_norm.weight"),
        tensors.vector(prefix + "ffn_norm.weight", width),
        matrices.next(),
        matrices.next(),
        matrices.next(),
        postNorm(tensors, config, prefix + "post_ffw_norm.weight"));
  }

  /** In the order in which the record has them. */
  private static List<Wanted> matrices(DecoderConfig config, String prefix) {
    int width = config.width();
    int inner = config.feedForwardWidth();
    return List.of(
        new Wanted(prefix + "attn_q.weight", width, config.queryWidth()),
        new Wanted(prefix + "attn_k.weight", width, config.kvWidth()),
        new Wanted(prefix + "attn_v.weight", width, config.kvWidth()),
        new Wanted(prefix + "attn_output.weight", config.queryWidth(), width),
        new Wanted(prefix + "ffn_gate.weight", width, inner),
        new Wanted(prefix + "ffn_up.weight", width, inner),
        new Wanted(prefix + "ffn_down.weight", inner, width));
  }

  private static @Nullable AttentionBias bias(
      DecoderTensors tensors, DecoderConfig config, String prefix) {
    if (!config.variant().has(LayerPart.ATTENTION_BIAS)) {
      return null;
    }
    return new AttentionBias(
        tensors.vector(prefix + "attn_q.bias", config.queryWidth()),
        tensors.vector(prefix + "attn_k.bias", config.kvWidth()),
        tensors.vector(prefix + "attn_v.bias", config.kvWidth()));
  }

  private static @Nullable HeadNorms headNorms(
      DecoderTensors tensors, DecoderConfig config, String prefix) {
    if (!config.variant().has(LayerPart.QUERY_KEY_NORM)) {
      return null;
    }
    return new HeadNorms(
        tensors.vector(prefix + "attn_q_norm.weight", config.headSize()),
        tensors.vector(prefix + "attn_k_norm.weight", config.headSize()));
  }

  private static float @Nullable [] postNorm(
      DecoderTensors tensors, DecoderConfig config, String name) {
    return config.variant().has(LayerPart.POST_NORM) ? tensors.vector(name, config.width()) : null;
  }
}
