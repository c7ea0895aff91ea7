package io.parley.model.llama;

import io.parley.model.gguf.GgufFile;
import io.parley.model.gguf.GgufWriter;
import io.parley.model.gguf.TensorData;
import io.parley.model.kernel.Kernels;
import io.parley.model.tensor.TensorType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A model with random weights, as the values themselves and as a file. */
final class SampleModel {
  final LlamaConfig config;
  final Map<String, TensorData> tensors = new LinkedHashMap<>();
  private final Random random;

  SampleModel(LlamaConfig config, TensorType type, boolean tied, long seed) {
    this.config = config;
    this.random = new Random(seed);
    int width = config.width();
    int inner = config.feedForwardWidth();
    matrix("token_embd.weight", type, width, config.vocabularySize());
    for (int i = 0; i < config.layers(); i++) {
      String prefix = "blk." + i + ".";
      norm(prefix + "attn_norm.weight", width);
      matrix(prefix + "attn_q.weight", type, width, config.queryWidth());
      matrix(prefix + "attn_k.weight", type, width, config.kvWidth());
      matrix(prefix + "attn_v.weight", type, width, config.kvWidth());
      matrix(prefix + "attn_output.weight", type, config.queryWidth(), width);
      norm(prefix + "ffn_norm.weight", width);
      matrix(prefix + "ffn_gate.weight", type, width, inner);
      matrix(prefix + "ffn_up.weight", type, width, inner);
      matrix(prefix + "ffn_down.weight", type, inner, width);
    }
    norm("output_norm.weight", width);
    if (!tied) {
      matrix("output.weight", type, width, config.vocabularySize());
    }
  }

  private void matrix(String name, TensorType type, int columns, int rows) {
    float[] values = new float[rows * columns];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (random.nextGaussian() / Math.sqrt(columns));
    }
    put(name, new long[] {columns, rows}, type, values);
  }

  private void norm(String name, int width) {
    float[] values = new float[width];
    for (int i = 0; i < width; i++) {
      values[i] = 0.5f + random.nextFloat();
    }
    put(name, new long[] {width}, TensorType.F32, values);
  }

  void put(String name, long[] dimensions, TensorType type, float[] values) {
    tensors.put(name, new TensorData(name, dimensions, type, values));
  }

  Map<String, Object> metadata() {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("general.architecture", "llama");
    out.put("llama.context_length", config.contextTokens());
    out.put("llama.embedding_length", config.width());
    out.put("llama.block_count", config.layers());
    out.put("llama.feed_forward_length", config.feedForwardWidth());
    out.put("llama.attention.head_count", config.heads());
    out.put("llama.attention.head_count_kv", config.kvHeads());
    out.put("llama.attention.key_length", config.headSize());
    out.put("llama.attention.value_length", config.headSize());
    out.put("llama.attention.layer_norm_rms_epsilon", config.normEpsilon());
    out.put("llama.rope.freq_base", config.ropeBase());
    out.put("llama.rope.dimension_count", config.ropeDimensions());
    return out;
  }

  LlamaModel load(Kernels kernels) {
    return load(metadata(), kernels);
  }

  LlamaModel load(Map<String, Object> metadata, Kernels kernels) {
    try {
      Path path = Files.createTempFile("sample", ".gguf");
      try {
        GgufWriter.write(path, metadata, new ArrayList<>(List.copyOf(tensors.values())));
        try (GgufFile file = GgufFile.open(path)) {
          return LlamaModel.load(file, kernels);
        }
      } finally {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
