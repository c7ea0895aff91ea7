package io.parley.model.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.parley.model.decoder.Decoder;
import io.parley.model.decoder.DecoderConfig;
import io.parley.model.decoder.DecoderModel;
import io.parley.model.decoder.ForwardBatch;
import io.parley.model.decoder.KvCache;
import io.parley.model.decoder.RotaryScaling;
import io.parley.model.decoder.Rotation;
import io.parley.model.family.Families;
import io.parley.model.family.SampleModel;
import io.parley.model.kernel.Kernels;
import io.parley.model.source.ModelFileException;
import io.parley.model.source.ModelSource;
import io.parley.model.tensor.Tensor;
import io.parley.model.tensor.TensorBytes;
import io.parley.model.tensor.TensorType;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SafetensorsModelTest {
  private static final int[] TOKENS = new Random(4).ints(30, 0, 70).toArray();

  @TempDir Path directory;

  static Stream<Arguments> models() {
    return Stream.concat(
        SampleModel.ARCHITECTURES.stream()
            .map(architecture -> Arguments.of(architecture, TensorType.F32, 3)),
        SampleDirectory.types().stream().map(type -> Arguments.of("llama", type, 1)));
  }

  /** Gemma's norms alone are rounded on their way, for 1 is taken from them and added again. */
  @ParameterizedTest
  @MethodSource("models")
  void givesTheLogitsOfTheSameModelInGguf(String architecture, TensorType type, int shards)
      throws IOException {
    SampleModel sample = SampleModel.of(architecture, type);
    new SampleDirectory(sample).write(directory, shards);
    float[] expected = logits(sample.load(Kernels.best()));
    try (SafetensorsModel model = SafetensorsModel.open(directory)) {
      float[] actual = logits(Families.load(model));
      if (architecture.startsWith("gemma")) {
        assertThat(actual).containsExactly(expected, within(1e-4f));
      } else {
        assertThat(actual).isEqualTo(expected);
      }
    }
  }

  private static float[] logits(DecoderModel model) {
    DecoderConfig config = model.config();
    Decoder decoder = new Decoder(model, new KvCache(config, 1, 64), TOKENS.length);
    int[] all = IntStream.range(0, TOKENS.length).toArray();
    float[] logits = new float[TOKENS.length * config.vocabularySize()];
    int[][] table = {{0}};
    decoder.forward(new ForwardBatch(TOKENS, all, new int[TOKENS.length], table, all), logits);
    return logits;
  }

  private DecoderConfig config(SampleDirectory files) throws IOException {
    files.write(directory, 1);
    try (SafetensorsModel model = SafetensorsModel.open(directory)) {
      return Families.config(model);
    }
  }

  private static SampleDirectory sample(String architecture) {
    return new SampleDirectory(SampleModel.of(architecture, TensorType.F32));
  }

  private static Rotation rotation(DecoderConfig config, int layer) {
    return config.variant().attention().get(layer).rotation().orElseThrow();
  }

  @ParameterizedTest
  @MethodSource("architectures")
  void givesTheConfigurationOfTheSameModelInGguf(String architecture) throws IOException {
    DecoderConfig expected = SampleModel.of(architecture, TensorType.F32).config();
    assertThat(config(sample(architecture))).isEqualTo(expected);
  }

  static List<String> architectures() {
    return SampleModel.ARCHITECTURES;
  }

  @Test
  void readsRopeScaling() throws IOException {
    SampleDirectory files = sample("llama");
    files.config.put("rope_scaling", Map.of("type", "linear", "factor", 2.0));
    assertThat(rotation(config(files), 0).scaling()).isEqualTo(new RotaryScaling.Linear(2));
    Map<String, Object> yarn = new HashMap<>(Map.of("rope_type", "yarn", "factor", 4));
    yarn.put("original_max_position_embeddings", 16);
    files.config.put("rope_scaling", yarn);
    assertThat(rotation(config(files), 0).scaling())
        .isEqualTo(new RotaryScaling.Yarn(4, 16, 1, 1, 32, 1));
    yarn.put("attention_factor", 2 + 0.2 * Math.log(4));
    assertThat(rotation(config(files), 0).scaling())
        .isEqualTo(new RotaryScaling.Yarn(4, 16, 2, 1, 32, 1));
  }

  /** The factors of Llama 3.2, whose heads have 64 dimensions: the first and the last of them. */
  @Test
  void readsTheScalingOfLlama3() throws IOException {
    SampleDirectory files = sample("llama");
    files.config.put("rope_theta", 500_000.0);
    files.config.put(
        "rope_scaling",
        Map.of(
            "rope_type", "llama3",
            "factor", 32.0,
            "low_freq_factor", 1.0,
            "high_freq_factor", 4.0,
            "original_max_position_embeddings", 8192));
    List<Float> divisors = rotation(config(files), 0).divisors();
    assertThat(divisors).hasSize(8).startsWith(1f, 1f, 1f).endsWith(32f, 32f);
    assertThat(divisors).isSorted();
  }

  @Test
  void readsTheNewerFormOfRopeParameters() throws IOException {
    SampleDirectory files = sample("gemma3");
    files.config.remove("rope_theta");
    files.config.put(
        "rope_parameters",
        Map.of(
            "full_attention", Map.of("rope_type", "linear", "factor", 8.0, "rope_theta", 2e6),
            "sliding_attention", Map.of("rope_type", "default", "rope_theta", 5e3)));
    DecoderConfig config = config(files);
    assertThat(rotation(config, 5).base()).isEqualTo(2e6);
    assertThat(rotation(config, 5).scaling()).isEqualTo(new RotaryScaling.Linear(8));
    assertThat(rotation(config, 0).base()).isEqualTo(5e3);
    assertThat(rotation(config, 0).scaling()).isEqualTo(new RotaryScaling.None());
  }

  @Test
  void aMistralMaySeeAWindow() throws IOException {
    SampleDirectory files = sample("llama");
    files.config.put("model_type", "mistral");
    files.config.put("sliding_window", 17);
    assertThat(config(files).variant().attention()).allMatch(a -> a.window() == 17);
    files.config.put("sliding_window", null);
    assertThat(config(files).variant().attention()).allMatch(a -> a.window() == 0);
  }

  private void refuses(String architecture, String key, Object value, String message)
      throws IOException {
    SampleDirectory files = sample(architecture);
    files.config.put(key, value);
    files.write(directory, 1);
    assertThatThrownBy(
            () -> {
              try (ModelSource model = SafetensorsModel.open(directory)) {
                Families.load(model, Kernels.scalar());
              }
            })
        .isInstanceOf(ModelFileException.class)
        .hasMessageContaining(message);
  }

  @Test
  void refusesByNameWhatItDoesNotImplement() throws IOException {
    refuses("llama", "model_type", "mixtral", "model_type: \"mixtral\" is not supported");
    refuses("llama", "hidden_act", "relu", "hidden_act: \"relu\" is not supported");
    refuses("llama", "attention_bias", true, "attention_bias: true is not supported");
    refuses("llama", "mlp_bias", true, "mlp_bias: true");
    refuses("llama", "quantization_config", Map.of("bits", 4), "quantization_config");
    refuses("llama", "partial_rotary_factor", 0.5, "partial_rotary_factor: 0.5");
    refuses("llama", "rope_scaling", Map.of("type", "dynamic"), "rope_type: \"dynamic\"");
    refuses("llama", "rope_scaling", Map.of("type", "linear"), "rope_scaling.factor: is missing");
    refuses("llama", "tie_word_embeddings", false, "lm_head.weight is missing");
    refuses("qwen2", "use_sliding_window", true, "use_sliding_window: true");
    refuses("qwen2", "layer_types", List.of("sliding_attention"), "layer_types");
    refuses("gemma2", "query_pre_attn_scalar", 77, "query_pre_attn_scalar: 77");
    refuses("smollm3", "no_rope_layers", List.of(1, 0, 1, 0), "no_rope_layers");
  }

  @Test
  void refusesSizesOutOfRange() throws IOException {
    refuses("llama", "hidden_size", 0, "hidden_size: must be an integer from 1, not 0");
    refuses("llama", "hidden_size", "64", "hidden_size: must be an integer");
    refuses("llama", "num_hidden_layers", 1L << 40, "block_count: must be in");
    refuses("gemma2", "sliding_window", 1L << 40, "sliding_window: must be in");
    refuses("llama", "head_dim", 7, "does not consist of heads of 7");
    refuses("llama", "rms_norm_eps", "x", "rms_norm_eps: must be a number");
  }

  @Test
  void weightsAreMappedWhereTheyNeedNoCopy() throws IOException {
    sample("qwen3").write(directory, 1);
    try (SafetensorsModel model = SafetensorsModel.open(directory);
        Arena arena = Arena.ofConfined()) {
      assertThat(model.tensors().values())
          .map(Tensor::bytes)
          .allMatch(bytes -> bytes.part(0, bytes.byteSize(), arena).isMapped());
    }
  }

  @Test
  void turnedRowsAreTheSameWhicheverPartIsRead() throws IOException {
    sample("llama").write(directory, 1);
    try (SafetensorsModel model = SafetensorsModel.open(directory);
        Arena arena = Arena.ofConfined()) {
      TensorBytes bytes = model.tensor("blk.0.attn_q.weight").bytes();
      int size = (int) bytes.byteSize();
      byte[] whole = bytes.part(0, size, arena).toArray(ValueLayout.JAVA_BYTE);
      for (int from = 0; from < size; from += 57) {
        int to = Math.min(from + 201, size);
        assertThat(bytes.part(from, to - from, arena).toArray(ValueLayout.JAVA_BYTE))
            .isEqualTo(Arrays.copyOfRange(whole, from, to));
      }
    }
  }
}
