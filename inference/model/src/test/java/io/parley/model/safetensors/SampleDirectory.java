package io.parley.model.safetensors;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.parley.model.family.SampleModel;
import io.parley.model.gguf.TensorData;
import io.parley.model.tensor.TensorEncoder;
import io.parley.model.tensor.TensorType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes a {@link SampleModel} as a directory of safetensors: the way back of what is tested, by
 * other means.
 */
public final class SampleDirectory {
  private static final ObjectMapper JSON = new ObjectMapper();

  public final Map<String, Object> config = new LinkedHashMap<>();
  private final SampleModel model;
  private final boolean gemma;

  public SampleDirectory(SampleModel model) {
    this.model = model;
    this.gemma = model.architecture.startsWith("gemma");
    fillConfig();
  }

  private void fillConfig() {
    SampleModel.Sizes sizes = model.sizes;
    config.put(
        "model_type", model.architecture.equals("gemma3") ? "gemma3_text" : model.architecture);
    config.put("max_position_embeddings", sizes.context());
    config.put("hidden_size", sizes.width());
    config.put("num_hidden_layers", sizes.layers());
    config.put("intermediate_size", sizes.inner());
    config.put("num_attention_heads", sizes.heads());
    config.put("num_key_value_heads", sizes.kvHeads());
    config.put("head_dim", sizes.headSize());
    config.put("rms_norm_eps", 1e-5);
    config.put("rope_theta", model.architecture.equals("gemma3") ? 1_000_000 : 10_000);
    config.put("tie_word_embeddings", !model.tensors.containsKey("output.weight"));
    config.put(gemma ? "hidden_activation" : "hidden_act", gemma ? "gelu_pytorch_tanh" : "silu");
    config.put("rope_scaling", null);
    if (gemma) {
      config.put("sliding_window", 9);
      config.put("query_pre_attn_scalar", sizes.headSize());
      config.put("attn_logit_softcapping", model.architecture.equals("gemma2") ? 5.0 : null);
      config.put("final_logit_softcapping", model.architecture.equals("gemma2") ? 3.0 : null);
    }
  }

  /** Writes the configuration and the weights, in so many files. */
  public void write(Path directory, int shards) throws IOException {
    write(directory, "config.json", JSON.writeValueAsString(config));
    List<TensorData> tensors = new ArrayList<>();
    model.tensors.values().forEach(tensor -> tensors.add(translated(tensor)));
    if (shards == 1) {
      Files.write(directory.resolve("model.safetensors"), file(tensors));
      return;
    }
    Map<String, String> places = new LinkedHashMap<>();
    for (int i = 0; i < shards; i++) {
      String name = "model-%05d-of-%05d.safetensors".formatted(i + 1, shards);
      List<TensorData> some =
          tensors.subList(tensors.size() * i / shards, tensors.size() * (i + 1) / shards);
      some.forEach(tensor -> places.put(tensor.name(), name));
      Files.write(directory.resolve(name), file(some));
    }
    write(
        directory,
        "model.safetensors.index.json",
        JSON.writeValueAsString(Map.of("metadata", Map.of(), "weight_map", places)));
  }

  static void write(Path directory, String file, String text) throws IOException {
    Files.writeString(directory.resolve(file), text);
  }

  private TensorData translated(TensorData tensor) {
    String name = name(tensor.name());
    float[] values = tensor.values().clone();
    boolean interleaved = List.of("llama", "smollm3").contains(model.architecture);
    if (interleaved && tensor.name().matches(".*attn_[qk]\\.weight")) {
      values = halves(values, (int) tensor.dimensions()[0]);
    }
    if (gemma && tensor.name().endsWith("norm.weight")) {
      for (int i = 0; i < values.length; i++) {
        values[i] -= 1;
      }
    }
    return new TensorData(name, tensor.dimensions(), tensor.type(), values);
  }

  /** Rows 2i of a head come first, then rows 2i + 1. */
  private float[] halves(float[] values, int columns) {
    int head = model.sizes.headSize();
    float[] out = new float[values.length];
    for (int row = 0; row < values.length / columns; row++) {
      int inHead = row % head;
      int to = row - inHead + (inHead % 2 == 0 ? inHead / 2 : head / 2 + inHead / 2);
      System.arraycopy(values, row * columns, out, to * columns, columns);
    }
    return out;
  }

  private String name(String name) {
    String out =
        name.replaceFirst("^blk\\.", "model.layers.")
            .replace("attn_output", "self_attn.o_proj")
            .replaceFirst("attn_([qk])_norm", "self_attn.$1_norm")
            .replaceFirst("attn_([qkv])\\.", "self_attn.$1_proj.")
            .replace("attn_norm", "input_layernorm")
            .replaceFirst("ffn_(gate|up|down)", "mlp.$1_proj")
            .replace("ffn_norm", gemma ? "pre_feedforward_layernorm" : "post_attention_layernorm")
            .replace("post_attention_norm", "post_attention_layernorm")
            .replace("post_ffw_norm", "post_feedforward_layernorm");
    return switch (out) {
      case "token_embd.weight" -> "model.embed_tokens.weight";
      case "output_norm.weight" -> "model.norm.weight";
      case "output.weight" -> "lm_head.weight";
      default -> out;
    };
  }

  private static byte[] file(List<TensorData> tensors) throws IOException {
    Map<String, Object> header = new LinkedHashMap<>();
    header.put("__metadata__", Map.of("format", "pt"));
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    for (TensorData tensor : tensors) {
      int length = (int) tensor.type().bytes(tensor.values().length);
      ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
      TensorEncoder.encode(tensor.type(), tensor.values(), 0, tensor.values().length, bytes);
      List<Long> shape = new ArrayList<>();
      for (long dimension : tensor.dimensions()) {
        shape.addFirst(dimension);
      }
      long begin = data.size();
      data.writeBytes(bytes.array());
      header.put(
          tensor.name(),
          Map.of(
              "dtype",
              tensor.type().name(),
              "shape",
              shape,
              "data_offsets",
              List.of(begin, begin + length)));
    }
    return file(JSON.writeValueAsString(header), data.toByteArray());
  }

  /** A file from its parts. */
  static byte[] file(String header, byte[] data) {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(8 + json.length + data.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(json.length)
        .put(json)
        .put(data)
        .array();
  }

  /** The types that the format and Parley both know. */
  static List<TensorType> types() {
    return List.of(TensorType.F32, TensorType.F16, TensorType.BF16);
  }
}
