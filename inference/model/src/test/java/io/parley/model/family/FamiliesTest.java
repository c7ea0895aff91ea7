package io.parley.model.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.model.decoder.Activation;
import io.parley.model.decoder.DecoderConfig;
import io.parley.model.decoder.KvCache;
import io.parley.model.decoder.LayerAttention;
import io.parley.model.decoder.LayerPart;
import io.parley.model.decoder.RotaryLayout;
import io.parley.model.decoder.RotaryScaling;
import io.parley.model.decoder.Rotation;
import io.parley.model.kernel.Kernels;
import io.parley.model.source.ModelFileException;
import io.parley.model.tensor.TensorType;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

class FamiliesTest {
  static final List<String> ARCHITECTURES = SampleModel.ARCHITECTURES;

  private final SampleModel sample = SampleModel.of("llama", TensorType.F32);

  private static void refuses(SampleModel model, String message) {
    assertThatThrownBy(() -> model.load(Kernels.scalar()))
        .isInstanceOf(ModelFileException.class)
        .hasMessageContaining(message);
  }

  private static void refusesWith(String key, Object value, String message) {
    SampleModel changed = SampleModel.of("llama", TensorType.F32);
    changed.metadata.put(key, value);
    refuses(changed, message);
  }

  @Test
  void readsTheSizesBack() {
    DecoderConfig config = sample.config();
    assertThat(config)
        .extracting(
            DecoderConfig::vocabularySize,
            DecoderConfig::contextTokens,
            DecoderConfig::width,
            DecoderConfig::layers,
            DecoderConfig::heads,
            DecoderConfig::kvHeads,
            DecoderConfig::headSize,
            DecoderConfig::feedForwardWidth)
        .containsExactly(70, 64, 64, 3, 4, 2, 16, 96);
    assertThat(config.normEpsilon()).isEqualTo(1e-5f);
  }

  @Test
  void sizesThatAreLeftOutFollowFromOthers() {
    DecoderConfig full = sample.config();
    sample.metadata.remove("llama.attention.key_length");
    sample.metadata.remove("llama.attention.value_length");
    sample.metadata.remove("llama.rope.dimension_count");
    sample.metadata.remove("llama.rope.freq_base");
    assertThat(sample.config()).isEqualTo(full);
  }

  private static DecoderConfig config(String architecture) {
    return SampleModel.of(architecture, TensorType.F32).config();
  }

  private static Rotation rotation(DecoderConfig config, int layer) {
    return config.variant().attention().get(layer).rotation().orElseThrow();
  }

  private static List<Integer> windows(DecoderConfig config) {
    return config.variant().attention().stream().map(LayerAttention::window).toList();
  }

  @ParameterizedTest
  @FieldSource("ARCHITECTURES")
  void llamaTurnsNeighboursAndTheOthersHalves(String architecture) {
    boolean neighbours = architecture.equals("llama") || architecture.equals("smollm3");
    assertThat(rotation(config(architecture), 0).layout())
        .isEqualTo(neighbours ? RotaryLayout.INTERLEAVED : RotaryLayout.HALVES);
  }

  @Test
  void everyFourthLayerOfSmolLm3KnowsNoPositions() {
    assertThat(config("smollm3").variant().attention())
        .extracting(a -> a.rotation().isPresent())
        .containsExactly(true, true, true, false, true);
  }

  @Test
  void qwenHasBiasesAndThenNormsInstead() {
    assertThat(config("qwen2").variant().parts()).containsExactly(LayerPart.ATTENTION_BIAS);
    assertThat(config("qwen3").variant().parts()).containsExactly(LayerPart.QUERY_KEY_NORM);
  }

  @Test
  void gemma2SeesAWindowInEveryOtherLayer() {
    DecoderConfig config = config("gemma2");
    assertThat(windows(config)).containsExactly(9, 0, 9);
    assertThat(config.variant().attentionSoftCap()).isEqualTo(5);
    assertThat(config.variant().outputSoftCap()).isEqualTo(3);
    assertThat(config.variant().activation()).isEqualTo(Activation.GEGLU);
    assertThat(config.variant().embeddingScale()).isEqualTo(8);
  }

  @Test
  void gemma3SeesEverythingInEverySixthLayerAndTurnsThereByAnotherBase() {
    DecoderConfig config = config("gemma3");
    assertThat(windows(config)).containsExactly(9, 9, 9, 9, 9, 0, 9);
    assertThat(rotation(config, 4).base()).isEqualTo(10_000);
    assertThat(rotation(config, 5).base()).isEqualTo(1_000_000);
  }

  @ParameterizedTest
  @CsvSource({"gemma2, 46", "gemma3, 62"})
  void theLargestGemmasScaleScoresByTheirWidth(String architecture, int layers) {
    SampleModel.Sizes sizes = new SampleModel.Sizes(5, 8, 24, layers, 4, 1, 8, 8);
    SampleModel large = new SampleModel(architecture, sizes, TensorType.F32, true, 1);
    assertThat(large.config().variant().queryScale()).isEqualTo((float) Math.sqrt(8 * 4 / 24.0));
    assertThat(config(architecture).variant().queryScale()).isEqualTo(1);
  }

  @Test
  void refusesOtherArchitecturesByName() {
    refusesWith(
        "general.architecture",
        "mamba",
        "architecture \"mamba\" is not supported; supported are llama, smollm3, qwen2, qwen3,"
            + " gemma2, gemma3");
  }

  @Test
  void readsRopeScaling() {
    sample.put("rope.scaling.type", "linear").put("rope.scaling.factor", 2f);
    assertThat(rotation(sample.config(), 0).scaling()).isEqualTo(new RotaryScaling.Linear(2));
    sample
        .put("rope.scaling.type", "yarn")
        .put("rope.scaling.original_context_length", 32)
        .put("rope.scaling.yarn_beta_fast", 16f);
    assertThat(rotation(sample.config(), 0).scaling())
        .isEqualTo(new RotaryScaling.Yarn(2, 32, 1, 1, 16, 1));
  }

  @Test
  void refusesWhatItDoesNotImplement() {
    refusesWith("llama.rope.scaling.type", "longrope", "rope scaling \"longrope\" is not");
    refusesWith("llama.rope.scaling.type", "yarn", "llama.rope.scaling.factor: is missing");
    refusesWith("llama.expert_count", 8, "mixture of experts");
    refusesWith("llama.attention.value_length", 8, "must be equal to");
    sample
        .put("rope.scaling.type", "yarn")
        .put("rope.scaling.factor", 2f)
        .put("rope.scaling.yarn_log_multiplier", 0.1f);
    refuses(sample, "llama.rope.scaling.yarn_log_multiplier: is not supported");
  }

  @Test
  void refusesSizesOutOfRange() {
    refusesWith("llama.attention.head_count", 0, "llama.attention.head_count: must be in");
    refusesWith("llama.attention.head_count_kv", 5, "llama.attention.head_count_kv: must be in");
    refusesWith("llama.block_count", 1 << 30, "llama.block_count: must be in");
    refusesWith("llama.rope.dimension_count", 15, "rotated dimensions must be even");
    refusesWith("llama.rope.freq_base", Float.NaN, "ropeBase");
    refusesWith("tokenizer.ggml.tokens", new String[] {"a"}, "there are not 70 tokens");
  }

  @ParameterizedTest
  @FieldSource("ARCHITECTURES")
  void refusesAMissingTensor(String architecture) {
    for (String name : SampleModel.of(architecture, TensorType.F32).tensors.keySet()) {
      if (name.startsWith("blk.") && !name.startsWith("blk.1.")) {
        continue; // One layer stands for all.
      }
      SampleModel lacking = SampleModel.of(architecture, TensorType.F32);
      lacking.tensors.remove(name);
      if (name.equals("output.weight")) {
        assertThat(lacking.load(Kernels.scalar()).config()).isEqualTo(lacking.config());
      } else {
        refuses(lacking, "tensor " + name + " is missing");
      }
    }
  }

  @Test
  void refusesATensorOfAnotherShape() {
    sample.put("blk.0.attn_k.weight", new long[] {32, 64}, TensorType.F32, new float[2048]);
    refuses(sample, "tensor blk.0.attn_k.weight must have dimensions [64, 32], not [32, 64]");
    SampleModel other = SampleModel.of("llama", TensorType.F32);
    other.put("rope_freqs.weight", new long[] {3}, TensorType.F32, new float[] {1, 1, 1});
    refuses(other, "there must be one divisor a pair, 8, not 3");
  }

  @Test
  void refusesATensorThatItWouldIgnore() {
    sample.put("blk.0.attn_q.bias", new long[] {64}, TensorType.F32, new float[64]);
    refuses(sample, "tensor blk.0.attn_q.bias is no part of this architecture");
  }

  @Test
  void bytesOfABlockAreKeysAndValuesOfAllLayers() {
    DecoderConfig config = sample.config();
    assertThat(KvCache.bytesPerBlock(config, 16)).isEqualTo(2 * 4 * 3 * 32 * 16);
    assertThatThrownBy(() -> new KvCache(config, 1 << 30, 16))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("too many");
  }
}
