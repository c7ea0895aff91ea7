package io.parley.integration;

import io.parley.model.gguf.GgufWriter;
import io.parley.model.gguf.TensorData;
import io.parley.model.tensor.TensorType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * A model of random weights that talks nonsense and, greedily, never ends its turn: its context is
 * what stops it. For tests that need a stream to be long.
 */
final class RandomModel {
  private static final int WIDTH = 128;
  private static final int LAYERS = 4;
  private static final int FEED_FORWARD = 256;
  private static final List<String> SPECIAL =
      List.of("<|begin|>", "<|end|>", "<|user|>", "<|assistant|>");

  private final SplittableRandom random = new SplittableRandom(7);
  private final List<TensorData> tensors = new ArrayList<>();

  /** Writes the model with a context of so many tokens. */
  static Path write(Path file, int contextTokens) throws IOException {
    RandomModel model = new RandomModel();
    model.addWeights();
    GgufWriter.write(file, metadata(contextTokens), model.tensors);
    return file;
  }

  private static Map<String, Object> metadata(int contextTokens) {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("general.architecture", "llama");
    values.put("general.name", "Random");
    values.put("llama.context_length", contextTokens);
    values.put("llama.embedding_length", WIDTH);
    values.put("llama.block_count", LAYERS);
    values.put("llama.feed_forward_length", FEED_FORWARD);
    values.put("llama.attention.head_count", 4);
    values.put("llama.attention.head_count_kv", 4);
    values.put("llama.attention.layer_norm_rms_epsilon", 1e-5f);
    values.put("llama.rope.dimension_count", WIDTH / 4);
    values.put("llama.rope.freq_base", 10000f);
    values.put("tokenizer.ggml.model", "gpt2");
    values.put("tokenizer.ggml.pre", "qwen2");
    values.put("tokenizer.ggml.tokens", tokens().toArray(String[]::new));
    values.put("tokenizer.ggml.token_type", tokenTypes());
    values.put("tokenizer.ggml.merges", new String[0]);
    values.put("tokenizer.ggml.bos_token_id", 0);
    values.put("tokenizer.ggml.eos_token_id", 1);
    values.put(
        "tokenizer.chat_template",
        "<|begin|>{% for message in messages %}<|{{ message['role'] }}|>{{ message['content'] }}"
            + "<|end|>{% endfor %}{% if add_generation_prompt %}<|assistant|>{% endif %}");
    return values;
  }

  /**
   * The special tokens, then one a byte in GPT-2's spelling: bytes that do not print move up to
   * U+0100.
   */
  private static List<String> tokens() {
    List<String> tokens = new ArrayList<>(SPECIAL);
    int moved = 0;
    for (int b = 0; b < 256; b++) {
      boolean prints = (b >= '!' && b <= '~') || (b >= 0xA1 && b <= 0xAC) || b >= 0xAE;
      tokens.add(Character.toString(prints ? b : 0x100 + moved++));
    }
    return tokens;
  }

  private static int[] tokenTypes() {
    return IntStream.range(0, SPECIAL.size() + 256).map(i -> i < SPECIAL.size() ? 3 : 1).toArray();
  }

  private void addWeights() {
    int vocabulary = SPECIAL.size() + 256;
    matrix("token_embd.weight", WIDTH, vocabulary, 0);
    for (int layer = 0; layer < LAYERS; layer++) {
      addBlock("blk." + layer + ".");
    }
    ones("output_norm.weight");
    // A row of zeros scores below the best of the others, so that no special token is ever chosen.
    matrix("output.weight", WIDTH, vocabulary, SPECIAL.size());
  }

  private void addBlock(String prefix) {
    ones(prefix + "attn_norm.weight");
    for (String name : List.of("attn_q", "attn_k", "attn_v", "attn_output")) {
      matrix(prefix + name + ".weight", WIDTH, WIDTH, 0);
    }
    ones(prefix + "ffn_norm.weight");
    matrix(prefix + "ffn_gate.weight", WIDTH, FEED_FORWARD, 0);
    matrix(prefix + "ffn_up.weight", WIDTH, FEED_FORWARD, 0);
    matrix(prefix + "ffn_down.weight", FEED_FORWARD, WIDTH, 0);
  }

  private void ones(String name) {
    float[] values = new float[WIDTH];
    java.util.Arrays.fill(values, 1);
    tensors.add(new TensorData(name, new long[] {WIDTH}, TensorType.F32, values));
  }

  private void matrix(String name, int columns, int rows, int zeroRows) {
    float[] values = new float[columns * rows];
    for (int i = zeroRows * columns; i < values.length; i++) {
      values[i] = (float) (random.nextDouble() - 0.5);
    }
    tensors.add(new TensorData(name, new long[] {columns, rows}, TensorType.F32, values));
  }
}
