package io.parley.training.export;

import io.parley.model.gguf.GgufWriter;
import io.parley.model.gguf.TensorData;
import io.parley.model.tensor.TensorType;
import io.parley.model.tokenizer.Vocabulary;
import io.parley.serving.decoder.ModelLoader;
import io.parley.training.llama.LlamaShape;
import io.parley.training.llama.Parameter;
import io.parley.training.llama.ParameterLayout;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A trained model as a GGUF file of architecture {@code llama}. The weights are trained in ggml's
 * order of RoPE pairs, so tensors go out as they are; there is no {@code output.weight}, since the
 * embedding stands in for it.
 *
 * @param name the model's name for people
 * @param createdAt when the weights were made, which clients see as the model's date
 * @param weights in the order of {@link ParameterLayout}
 */
@SuppressWarnings("ArrayRecordComponent") // Compared by nobody; copying weights would be waste.
public record LlamaGguf(
    String name, Instant createdAt, LlamaShape shape, Vocabulary vocabulary, float[] weights) {
  /** Conversations as training renders them. */
  static final String CHAT_TEMPLATE =
      "<|begin|>{% for message in messages %}{% if message['role'] != 'system' %}"
          + "<|{{ message['role'] }}|>{{ message['content'] }}<|end|>"
          + "{% endif %}{% endfor %}{% if add_generation_prompt %}<|assistant|>{% endif %}";

  /**
   * Writes the file, whole or not at all.
   *
   * @param type of the matrices; norms are always F32
   */
  public void write(Path file, TensorType type) throws IOException {
    List<TensorData> tensors =
        new ParameterLayout(shape).parameters().stream().map(p -> tensor(p, type)).toList();
    GgufWriter.write(file, metadata(type), tensors);
  }

  private TensorData tensor(Parameter parameter, TensorType type) {
    float[] values =
        Arrays.copyOfRange(weights, parameter.offset(), parameter.offset() + parameter.size());
    return parameter.isVector()
        ? new TensorData(parameter.name(), new long[] {parameter.columns()}, TensorType.F32, values)
        : new TensorData(
            parameter.name(), new long[] {parameter.columns(), parameter.rows()}, type, values);
  }

  private Map<String, Object> metadata(TensorType type) {
    Map<String, Object> metadata = new LinkedHashMap<>();
    metadata.put("general.architecture", "llama");
    metadata.put("general.name", name);
    metadata.put("general.file_type", fileType(type));
    metadata.put(ModelLoader.CREATED_AT_KEY, createdAt.getEpochSecond());
    putShape(metadata);
    metadata.putAll(vocabulary.metadata());
    metadata.put("tokenizer.ggml.add_bos_token", false); // The template writes it.
    metadata.put("tokenizer.chat_template", CHAT_TEMPLATE);
    return metadata;
  }

  private void putShape(Map<String, Object> metadata) {
    metadata.put("llama.vocab_size", shape.vocabulary());
    metadata.put("llama.context_length", shape.contextTokens());
    metadata.put("llama.embedding_length", shape.width());
    metadata.put("llama.block_count", shape.layers());
    metadata.put("llama.feed_forward_length", shape.feedForward());
    metadata.put("llama.attention.head_count", shape.heads());
    metadata.put("llama.attention.head_count_kv", shape.kvHeads());
    metadata.put("llama.attention.layer_norm_rms_epsilon", LlamaShape.NORM_EPSILON);
    metadata.put("llama.rope.dimension_count", shape.headWidth());
    metadata.put("llama.rope.freq_base", shape.ropeTheta());
  }

  /** llama.cpp's number for "most tensors are of this type". */
  private static int fileType(TensorType type) {
    return switch (type) {
      case F32 -> 0;
      case F16 -> 1;
      case Q4_0 -> 2;
      case Q4_1 -> 3;
      case Q8_0 -> 7;
      case Q5_0 -> 8;
      case Q5_1 -> 9;
      case Q4_K -> 14;
      case Q5_K -> 16;
      case Q6_K -> 18;
      case BF16 -> 32;
    };
  }
}
