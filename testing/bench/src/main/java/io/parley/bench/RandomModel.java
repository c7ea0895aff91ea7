package io.parley.bench;

import io.parley.model.gguf.GgufWriter;
import io.parley.model.gguf.TensorData;
import io.parley.model.tensor.TensorType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * A model of the Llama architecture with random weights, whose answers mean nothing and whose speed
 * is that of any model of its shape. Layers repeat each other's weights, so that making it needs
 * the memory of its largest matrix as floats: a gigabyte for the shape {@code 1b}.
 */
final class RandomModel {
  /** The sizes of a published model. Embeddings are tied. */
  private enum Shape {
    /** SmolLM2-135M. */
    S135M("135m", 30, 576, 1_536, 9, 3, 49_152, 2_048),
    /** Llama 3.2 1B. */
    S1B("1b", 16, 2_048, 8_192, 32, 8, 128_256, 8_192);

    private final String label;
    private final int layers;
    private final int width;
    private final int inner;
    private final int heads;
    private final int kvHeads;
    private final int vocabulary;
    private final int context;

    Shape(
        String label,
        int layers,
        int width,
        int inner,
        int heads,
        int kvHeads,
        int vocabulary,
        int context) {
      this.label = label;
      this.layers = layers;
      this.width = width;
      this.inner = inner;
      this.heads = heads;
      this.kvHeads = kvHeads;
      this.vocabulary = vocabulary;
      this.context = context;
    }
  }

  private final Shape shape;
  private final TensorType type;
  private final SplittableRandom random = new SplittableRandom(1);
  private final Map<Integer, float[]> weights = new HashMap<>();
  private final List<TensorData> tensors = new ArrayList<>();

  private RandomModel(Shape shape, TensorType type) {
    this.shape = shape;
    this.type = type;
  }

  /**
   * Writes a model.
   *
   * @param name shape and weight type, such as {@code 135m-q8_0}
   * @throws IllegalArgumentException that says which names there are, if it is none, or the widths
   *     of the shape are no multiple of the type's blocks
   */
  static void write(String name, Path file) throws IOException {
    RandomModel model = parse(name);
    model.addTensors();
    GgufWriter.write(file, model.metadata(), model.tensors);
  }

  /**
   * The sizes of a shape: layers, width, inner width, heads, key heads, vocabulary, context.
   *
   * @throws IllegalArgumentException as {@link #write}
   */
  static List<String> sizes(String name) {
    Shape shape = parse(name).shape;
    return IntStream.of(
            shape.layers,
            shape.width,
            shape.inner,
            shape.heads,
            shape.kvHeads,
            shape.vocabulary,
            shape.context)
        .mapToObj(Integer::toString)
        .toList();
  }

  private static RandomModel parse(String name) {
    for (Shape shape : Shape.values()) {
      for (TensorType type : TensorType.values()) {
        if (name.equals(shape.label + "-" + type.name().toLowerCase(Locale.ROOT))) {
          return new RandomModel(shape, type);
        }
      }
    }
    throw new IllegalArgumentException(
        "must be 135m or 1b and a weight type, such as 135m-q8_0 or 1b-q4_k, not " + name);
  }

  private void addTensors() {
    int kvWidth = shape.width / shape.heads * shape.kvHeads;
    matrix("token_embd.weight", shape.width, shape.vocabulary);
    for (int i = 0; i < shape.layers; i++) {
      String prefix = "blk." + i + ".";
      norm(prefix + "attn_norm.weight");
      matrix(prefix + "attn_q.weight", shape.width, shape.width);
      matrix(prefix + "attn_k.weight", shape.width, kvWidth);
      matrix(prefix + "attn_v.weight", shape.width, kvWidth);
      matrix(prefix + "attn_output.weight", shape.width, shape.width);
      norm(prefix + "ffn_norm.weight");
      matrix(prefix + "ffn_gate.weight", shape.width, shape.inner);
      matrix(prefix + "ffn_up.weight", shape.width, shape.inner);
      matrix(prefix + "ffn_down.weight", shape.inner, shape.width);
    }
    norm("output_norm.weight");
  }

  private void norm(String name) {
    float[] ones = weights.computeIfAbsent(-shape.width, key -> filled(shape.width, 1, 1));
    tensors.add(new TensorData(name, new long[] {shape.width}, TensorType.F32, ones));
  }

  private void matrix(String name, int columns, int rows) {
    float bound = (float) Math.sqrt(3.0 / columns);
    float[] values =
        weights.computeIfAbsent(columns * rows, length -> filled(length, -bound, bound));
    tensors.add(new TensorData(name, new long[] {columns, rows}, type, values));
  }

  private float[] filled(int length, float from, float to) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = from + (to - from) * (float) random.nextDouble();
    }
    return values;
  }

  private Map<String, Object> metadata() {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("general.architecture", "llama");
    out.put("general.name", "random");
    out.put("llama.vocab_size", shape.vocabulary);
    out.put("llama.context_length", shape.context);
    out.put("llama.embedding_length", shape.width);
    out.put("llama.block_count", shape.layers);
    out.put("llama.feed_forward_length", shape.inner);
    out.put("llama.attention.head_count", shape.heads);
    out.put("llama.attention.head_count_kv", shape.kvHeads);
    out.put("llama.attention.layer_norm_rms_epsilon", 1e-5f);
    out.put("llama.rope.freq_base", 100_000f);
    out.put("llama.rope.dimension_count", shape.width / shape.heads);
    out.put("tokenizer.ggml.model", "no_vocab");
    return out;
  }
}
