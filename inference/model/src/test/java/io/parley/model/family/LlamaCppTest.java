package io.parley.model.family;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.model.decoder.DecoderModel;
import io.parley.model.family.SampleModel.Sizes;
import io.parley.model.gguf.GgufFile;
import io.parley.model.gguf.GgufWriter;
import io.parley.model.gguf.TensorData;
import io.parley.model.kernel.Kernels;
import io.parley.model.tensor.Tensor;
import io.parley.model.tensor.TensorType;
import io.parley.model.tokenizer.BytePairTokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The same files in llama.cpp give the same logits. The library is of March 2025 and knows neither
 * Qwen 3 nor SmolLM3, nor the sliding window of the first Mistral; those are held against {@link
 * PlainDecoder} alone.
 */
class LlamaCppTest {
  private static final Path MINI = Path.of("../../models/parley-mini.gguf");

  @TempDir Path directory;

  /**
   * @param tolerance of the logits' difference: its root mean square as a part of the logits' own
   */
  record Case(String name, SampleModel model, double tolerance) {
    @Override
    public String toString() {
      return name;
    }
  }

  /** Both sides add up F32, each in its order: some units in the last place, grown over layers. */
  private static final double ROUNDING = 1e-5;

  /** llama.cpp looks GELU up in a table of F16 numbers: 2^-11 for each, over up to 62 layers. */
  private static final double GELU_TABLE = 0.01;

  /** Activations of 8 bits in blocks of 32, seven times a layer, three layers. */
  private static final double ACTIVATIONS = 0.05;

  static Stream<Case> cases() {
    return Stream.of(
        new Case("llama", sample("llama", TensorType.F32), ROUNDING),
        new Case("llama, linear", scaled("llama", "linear"), ROUNDING),
        new Case("llama, yarn", scaled("llama", "yarn"), ROUNDING),
        new Case("llama 3.1", stretched(), ROUNDING),
        new Case("qwen2", sample("qwen2", TensorType.F32), ROUNDING),
        new Case("qwen2, yarn", scaled("qwen2", "yarn"), ROUNDING),
        new Case("gemma2 2B", withLayers("gemma2", 26), GELU_TABLE),
        new Case("gemma2 27B", withLayers("gemma2", 46), GELU_TABLE),
        new Case("gemma3", sample("gemma3", TensorType.F32), GELU_TABLE),
        new Case("gemma3 27B", withLayers("gemma3", 62), GELU_TABLE),
        new Case("gemma3, linear", scaled("gemma3", "linear"), GELU_TABLE));
  }

  /** A sample with a vocabulary that has no text, for llama.cpp wants to be told of one. */
  private static SampleModel sample(String architecture, TensorType type) {
    SampleModel sample = SampleModel.of(architecture, type);
    sample.metadata.put("tokenizer.ggml.model", "no_vocab");
    return sample.put("vocab_size", sample.sizes.vocabulary());
  }

  /** llama.cpp knows the models of these families by how many layers they have. */
  private static SampleModel withLayers(String architecture, int layers) {
    Sizes sizes = new Sizes(70, 64, 32, layers, 4, 2, 16, 48);
    SampleModel sample = new SampleModel(architecture, sizes, TensorType.F32, true, 6);
    sample.metadata.put("tokenizer.ggml.model", "no_vocab");
    return sample.put("vocab_size", sizes.vocabulary());
  }

  private static SampleModel scaled(String architecture, String type) {
    return sample(architecture, TensorType.F32)
        .put("rope.scaling.type", type)
        .put("rope.scaling.factor", 4f)
        .put("rope.scaling.original_context_length", 16);
  }

  private static SampleModel stretched() {
    SampleModel sample = sample("llama", TensorType.F32);
    float[] divisors = {1, 1, 1.5f, 2, 3, 5, 8, 8};
    sample.put("rope_freqs.weight", new long[] {8}, TensorType.F32, divisors);
    return sample;
  }

  @ParameterizedTest
  @MethodSource("cases")
  void logitsAgree(Case sample) throws IOException {
    Path file = directory.resolve("sample.gguf");
    sample.model.write(file);
    int[] tokens = new Random(7).ints(50, 0, sample.model.sizes.vocabulary()).toArray();
    assertThat(SampleText.distance(ours(file, tokens), theirs(file, tokens)))
        .isLessThan(sample.tolerance);
  }

  /**
   * llama.cpp rounds activations to what it multiplies a type with: 8 bits for quantised weights,
   * F16 or BF16 for those. Its answers with such a file are therefore a little off, and tight with
   * the same weights written out as F32.
   */
  @ParameterizedTest
  @EnumSource(TensorType.class)
  void weightsOfEachTypeAreReadAlike(TensorType type) throws IOException {
    Path file = directory.resolve("sample.gguf");
    Path widened = directory.resolve("widened.gguf");
    sample("llama", type).write(file);
    try (GgufFile gguf = GgufFile.open(file)) {
      write(gguf, TensorType.F32, widened);
    }
    int[] tokens = new Random(7).ints(50, 0, 70).toArray();
    float[] actual = ours(file, tokens);
    assertThat(actual).isEqualTo(ours(widened, tokens));
    assertThat(SampleText.distance(actual, theirs(widened, tokens))).isLessThan(ROUNDING);
    assertThat(SampleText.distance(actual, theirs(file, tokens))).isLessThan(ACTIVATIONS);
  }

  private static float[] theirs(Path file, int[] tokens) {
    try (LlamaCpp peer = new LlamaCpp(file)) {
      return peer.logits(tokens);
    }
  }

  private static float[] ours(Path file, int[] tokens) throws IOException {
    try (GgufFile gguf = GgufFile.open(file)) {
      return SampleText.logits(Families.load(gguf, Kernels.best()), tokens);
    }
  }

  /** How far cross-entropies may be apart, in nats a token: llama.cpp rounds activations too. */
  private static double roundingError(TensorType type) {
    return type == TensorType.F32 ? 1e-4 : 0.02;
  }

  @Test
  void aTextIsAsLikelyWithWeightsOfEachType() throws IOException {
    int[] tokens;
    Map<TensorType, Path> files = new LinkedHashMap<>();
    try (GgufFile mini = GgufFile.open(MINI)) {
      tokens = BytePairTokenizer.from(mini).encode(SampleText.TEXT);
      for (TensorType type : typesFor(mini)) {
        Path file = directory.resolve(type + ".gguf");
        write(mini, type, file);
        files.put(type, file);
      }
    }
    for (Map.Entry<TensorType, Path> entry : files.entrySet()) {
      double expected = SampleText.crossEntropy(theirs(entry.getValue(), tokens), tokens);
      double actual = SampleText.crossEntropy(ours(entry.getValue(), tokens), tokens);
      assertThat(Math.abs(actual - expected))
          .as("%s: %s instead of %s", entry.getKey(), actual, expected)
          .isLessThan(roundingError(entry.getKey()));
    }
  }

  /** Those whose blocks fill the rows of all matrices. */
  private static List<TensorType> typesFor(GgufFile model) {
    return Arrays.stream(TensorType.values())
        .filter(
            type ->
                model.tensors().values().stream()
                    .allMatch(
                        tensor ->
                            tensor.dimensions().size() == 1
                                || tensor.dimensions().getFirst() % type.blockLength() == 0))
        .toList();
  }

  /** The shipped model once more, its matrices in another type. */
  private static void write(GgufFile model, TensorType type, Path file) throws IOException {
    Map<String, Object> metadata = new LinkedHashMap<>();
    for (String key : model.metadata().keys()) {
      if (key.startsWith("llama.") || key.equals("general.architecture")) {
        metadata.put(key, value(model, key));
      }
    }
    metadata.put("tokenizer.ggml.model", "no_vocab");
    long vocabulary = model.tensor(DecoderModel.EMBEDDING).dimensions().get(1);
    metadata.put("llama.vocab_size", (int) vocabulary);
    List<TensorData> tensors = new ArrayList<>();
    for (Tensor tensor : model.tensors().values()) {
      long[] dimensions = tensor.dimensions().stream().mapToLong(Long::longValue).toArray();
      TensorType as = dimensions.length == 1 ? TensorType.F32 : type;
      tensors.add(new TensorData(tensor.name(), dimensions, as, tensor.values()));
    }
    GgufWriter.write(file, metadata, tensors);
  }

  private static Object value(GgufFile model, String key) {
    if (key.equals("general.architecture")) {
      return model.metadata().string(key);
    }
    return key.endsWith("epsilon") || key.endsWith("freq_base")
        ? (Object) (float) model.metadata().number(key)
        : (Object) (int) model.metadata().integer(key, 0, Integer.MAX_VALUE);
  }
}
