package io.parley.serving.decoder;

import io.parley.model.gguf.GgufWriter;
import io.parley.model.gguf.TensorData;
import io.parley.model.tensor.TensorType;
import io.parley.model.tokenizer.Vocabulary;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/** Writes a model of random weights whose tokens are the 256 bytes and three special ones. */
final class TinyModel {
  static final int CONTEXT_TOKENS = 256;

  private static final int WIDTH = 32;
  private static final int LAYERS = 2;
  private static final int HEADS = 4;
  private static final int KV_HEADS = 2;
  private static final int HEAD_SIZE = 8;
  private static final int INNER = 64;

  private static final String TEMPLATE =
      "{% for message in messages %}<|{{ message['role'] }}|>{{ message['content'] }}<|end|>"
          + "{% endfor %}{% if add_generation_prompt %}<|assistant|>{% endif %}";

  private final SplittableRandom random = new SplittableRandom(17);
  private final List<TensorData> tensors = new ArrayList<>();

  private TinyModel() {}

  static Path write(Path file, Map<String, Object> moreMetadata) throws IOException {
    TinyModel model = new TinyModel();
    Map<String, Object> metadata = metadata();
    metadata.putAll(moreMetadata);
    model.addTensors();
    GgufWriter.write(file, metadata, model.tensors);
    return file;
  }

  private static Map<String, Object> metadata() {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("general.architecture", "llama");
    out.put("general.name", "Tiny");
    out.put("llama.context_length", CONTEXT_TOKENS);
    out.put("llama.embedding_length", WIDTH);
    out.put("llama.block_count", LAYERS);
    out.put("llama.feed_forward_length", INNER);
    out.put("llama.attention.head_count", HEADS);
    out.put("llama.attention.head_count_kv", KV_HEADS);
    out.put("llama.attention.layer_norm_rms_epsilon", 1e-5f);
    out.putAll(Vocabulary.of(tokens(), List.of(), Set.of(256, 257, 258), "gpt-2").metadata());
    out.put("tokenizer.chat_template", TEMPLATE);
    return out;
  }

  /** Bytes as GPT-2 spells them: printable Latin-1 as it is, the others from U+0100 on. */
  static List<String> tokens() {
    List<String> tokens = new ArrayList<>();
    int next = 256;
    for (int b = 0; b < 256; b++) {
      boolean printable = (b > 32 && b < 127) || (b > 160 && b != 173);
      tokens.add(Character.toString(printable ? b : next++));
    }
    tokens.addAll(List.of("<|end|>", "<|user|>", "<|assistant|>"));
    return tokens;
  }

  private void addTensors() {
    matrix("token_embd.weight", WIDTH, 259);
    for (int i = 0; i < LAYERS; i++) {
      String prefix = "blk." + i + ".";
      norm(prefix + "attn_norm.weight");
      matrix(prefix + "attn_q.weight", WIDTH, HEADS * HEAD_SIZE);
      matrix(prefix + "attn_k.weight", WIDTH, KV_HEADS * HEAD_SIZE);
      matrix(prefix + "attn_v.weight", WIDTH, KV_HEADS * HEAD_SIZE);
      matrix(prefix + "attn_output.weight", HEADS * HEAD_SIZE, WIDTH);
      norm(prefix + "ffn_norm.weight");
      matrix(prefix + "ffn_gate.weight", WIDTH, INNER);
      matrix(prefix + "ffn_up.weight", WIDTH, INNER);
      matrix(prefix + "ffn_down.weight", INNER, WIDTH);
    }
    norm("output_norm.weight");
  }

  private void matrix(String name, int columns, int rows) {
    float[] values = new float[columns * rows];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (random.nextGaussian() / Math.sqrt(columns));
    }
    tensors.add(new TensorData(name, new long[] {columns, rows}, TensorType.Q8_0, values));
  }

  private void norm(String name) {
    float[] values = new float[WIDTH];
    Arrays.fill(values, 1);
    tensors.add(new TensorData(name, new long[] {WIDTH}, TensorType.F32, values));
  }
}
