package io.parley.model.llama;

import io.parley.model.kernel.WeightMatrix;
import java.util.List;

/** The weights of one transformer block. */
@SuppressWarnings("ArrayRecordComponent") // Compared by nobody.
record LlamaLayer(
    float[] attentionNorm,
    WeightMatrix query,
    WeightMatrix key,
    WeightMatrix value,
    WeightMatrix attentionOutput,
    float[] feedForwardNorm,
    WeightMatrix gate,
    WeightMatrix up,
    WeightMatrix down) {

  List<WeightMatrix> matrices() {
    return List.of(query, key, value, attentionOutput, gate, up, down);
  }

  static LlamaLayer read(LlamaTensors tensors, LlamaConfig config, String prefix) {
    int width = config.width();
    int inner = config.feedForwardWidth();
    return new LlamaLayer(
        tensors.vector(prefix + "attn_norm.weight", width),
        tensors.matrix(prefix + "attn_q.weight", width, config.queryWidth()),
        tensors.matrix(prefix + "attn_k.weight", width, config.kvWidth()),
        tensors.matrix(prefix + "attn_v.weight", width, config.kvWidth()),
        tensors.matrix(prefix + "attn_output.weight", config.queryWidth(), width),
        tensors.vector(prefix + "ffn_norm.weight", width),
        tensors.matrix(prefix + "ffn_gate.weight", width, inner),
        tensors.matrix(prefix + "ffn_up.weight", width, inner),
        tensors.matrix(prefix + "ffn_down.weight", inner, width));
  }
}
