package io.parley.model.family;

import io.parley.model.decoder.DecoderConfig;
import io.parley.model.decoder.DecoderModel;
import io.parley.model.gguf.GgufFile;
import io.parley.model.gguf.GgufWriter;
import io.parley.model.gguf.TensorData;
import io.parley.model.kernel.Kernels;
import io.parley.model.source.ModelSource;
import io.parley.model.tensor.TensorType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;

/**
 * A model of any family with random weights, as the values themselves and as a file. Metadata and
 * tensors may be changed before it is written.
 */
public final class SampleModel {
  /** Every architecture that there is. */
  public static final List<String> ARCHITECTURES =
      List.of("llama", "smollm3", "qwen2", "qwen3", "gemma2", "gemma3");

  /** The sizes that differ from one sample to another. */
  public record Sizes(
      int vocabulary,
      int context,
      int width,
      int layers,
      int heads,
      int kvHeads,
      int headSize,
      int inner) {
    /** Small, but with several layers, heads and panels of each kind. */
    public static Sizes small(String architecture, TensorType type) {
      int layers =
          switch (architecture) {
            case "gemma3" -> 7;
            case "smollm3" -> 5;
            default -> 3;
          };
      int block = type.blockLength();
      return block <= 32
          ? new Sizes(70, 64, 64, layers, 4, 2, 16, 96)
          : new Sizes(70, 64, block, layers, 4, 2, block / 4, 2 * block);
    }
  }

  public final String architecture;
  public final Sizes sizes;
  public final Map<String, Object> metadata = new LinkedHashMap<>();
  public final Map<String, TensorData> tensors = new LinkedHashMap<>();
  private final Random random;

  public SampleModel(String architecture, Sizes sizes, TensorType type, boolean tied, long seed) {
    this.architecture = architecture;
    this.sizes = sizes;
    this.random = new Random(seed);
    fillMetadata();
    matrix("token_embd.weight", type, sizes.width, sizes.vocabulary);
    for (int i = 0; i < sizes.layers; i++) {
      addLayer("blk." + i + ".", type);
    }
    norm("output_norm.weight", sizes.width);
    if (!tied) {
      matrix("output.weight", type, sizes.width, sizes.vocabulary);
    }
  }

  /** A small one. */
  public static SampleModel of(String architecture, TensorType type) {
    boolean tied = !architecture.equals("qwen2");
    return new SampleModel(architecture, Sizes.small(architecture, type), type, tied, 5);
  }

  private void fillMetadata() {
    metadata.put("general.architecture", architecture);
    put("context_length", sizes.context);
    put("embedding_length", sizes.width);
    put("block_count", sizes.layers);
    put("feed_forward_length", sizes.inner);
    put("attention.head_count", sizes.heads);
    put("attention.head_count_kv", sizes.kvHeads);
    put("attention.key_length", sizes.headSize);
    put("attention.value_length", sizes.headSize);
    put("attention.layer_norm_rms_epsilon", 1e-5f);
    put("rope.freq_base", architecture.equals("gemma3") ? 1_000_000f : 10_000f);
    put("rope.dimension_count", sizes.headSize);
    if (architecture.startsWith("gemma")) {
      put("attention.sliding_window", 9);
    }
    if (architecture.equals("gemma2")) {
      put("attn_logit_softcapping", 5f);
      put("final_logit_softcapping", 3f);
    }
  }

  /** Sets a key of the architecture. */
  public SampleModel put(String key, Object value) {
    metadata.put(architecture + "." + key, value);
    return this;
  }

  private void addLayer(String prefix, TensorType type) {
    int width = sizes.width;
    int queryWidth = sizes.heads * sizes.headSize;
    int kvWidth = sizes.kvHeads * sizes.headSize;
    norm(prefix + "attn_norm.weight", width);
    matrix(prefix + "attn_q.weight", type, width, queryWidth);
    matrix(prefix + "attn_k.weight", type, width, kvWidth);
    matrix(prefix + "attn_v.weight", type, width, kvWidth);
    if (architecture.equals("qwen2")) {
      norm(prefix + "attn_q.bias", queryWidth);
      norm(prefix + "attn_k.bias", kvWidth);
      norm(prefix + "attn_v.bias", kvWidth);
    }
    if (architecture.equals("qwen3") || architecture.equals("gemma3")) {
      norm(prefix + "attn_q_norm.weight", sizes.headSize);
      norm(prefix + "attn_k_norm.weight", sizes.headSize);
    }
    matrix(prefix + "attn_output.weight", type, queryWidth, width);
    norm(prefix + "ffn_norm.weight", width);
    matrix(prefix + "ffn_gate.weight", type, width, sizes.inner);
    matrix(prefix + "ffn_up.weight", type, width, sizes.inner);
    matrix(prefix + "ffn_down.weight", type, sizes.inner, width);
    if (architecture.startsWith("gemma")) {
      norm(prefix + "post_attention_norm.weight", width);
      norm(prefix + "post_ffw_norm.weight", width);
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

  /** Puts a tensor in place of the one with its name, if there is one. */
  public void put(String name, long[] dimensions, TensorType type, float[] values) {
    tensors.put(name, new TensorData(name, dimensions, type, values));
  }

  /** The model as the decoder takes it. */
  public DecoderModel load(Kernels kernels) {
    return read(source -> Families.load(source, kernels));
  }

  /** What the family makes of the metadata. */
  public DecoderConfig config() {
    return read(Families::config);
  }

  /** Writes the file. */
  public void write(Path path) throws IOException {
    GgufWriter.write(path, metadata, new ArrayList<>(tensors.values()));
  }

  private <T> T read(Function<ModelSource, T> reader) {
    try {
      Path path = Files.createTempFile("sample", ".gguf");
      try {
        write(path);
        try (GgufFile file = GgufFile.open(path)) {
          return reader.apply(file);
        }
      } finally {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
