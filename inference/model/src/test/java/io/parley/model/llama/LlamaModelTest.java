package io.parley.model.llama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.model.gguf.GgufException;
import io.parley.model.kernel.Kernels;
import io.parley.model.tensor.TensorType;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LlamaModelTest {
  private static final LlamaConfig SMALL =
      new LlamaConfig(10, 64, 32, 1, 2, 1, 16, 32, 16, 10_000, 1e-5f);

  private final SampleModel sample = new SampleModel(SMALL, TensorType.F32, true, 1);

  private void refuses(Map<String, Object> metadata, String message) {
    assertThatThrownBy(() -> sample.load(metadata, Kernels.scalar()))
        .isInstanceOf(GgufException.class)
        .hasMessageContaining(message);
  }

  private void refusesWith(String key, Object value, String message) {
    Map<String, Object> metadata = sample.metadata();
    metadata.put(key, value);
    refuses(metadata, message);
  }

  @Test
  void readsTheSizesBack() {
    assertThat(sample.load(Kernels.scalar()).config()).isEqualTo(SMALL);
  }

  @Test
  void sizesThatAreLeftOutFollowFromOthers() {
    Map<String, Object> metadata = sample.metadata();
    metadata.remove("llama.attention.key_length");
    metadata.remove("llama.attention.value_length");
    metadata.remove("llama.rope.dimension_count");
    metadata.remove("llama.rope.freq_base");
    assertThat(sample.load(metadata, Kernels.scalar()).config()).isEqualTo(SMALL);
  }

  @Test
  void refusesOtherArchitecturesByName() {
    refusesWith("general.architecture", "qwen2", "architecture \"qwen2\" is not supported");
  }

  @Test
  void refusesWhatItDoesNotImplement() {
    refusesWith("llama.rope.scaling.type", "yarn", "rope scaling \"yarn\" is not supported");
    refusesWith("llama.expert_count", 8, "mixture of experts");
    refusesWith("llama.attention.value_length", 8, "must be equal to");
  }

  @Test
  void refusesSizesOutOfRange() {
    refusesWith("llama.attention.head_count", 0, "llama.attention.head_count: must be in");
    refusesWith("llama.attention.head_count_kv", 3, "llama.attention.head_count_kv: must be in");
    refusesWith("llama.block_count", 1 << 30, "llama.block_count: must be in");
    refusesWith("llama.rope.dimension_count", 15, "ropeDimensions must be even");
    refusesWith("llama.rope.freq_base", Float.NaN, "ropeBase");
    refusesWith("tokenizer.ggml.tokens", new String[] {"a"}, "there are not 10 tokens");
  }

  @Test
  void refusesAMissingTensor() {
    sample.tensors.remove("blk.0.ffn_up.weight");
    refuses(sample.metadata(), "tensor blk.0.ffn_up.weight is missing");
  }

  @Test
  void refusesATensorOfAnotherShape() {
    sample.put("blk.0.attn_k.weight", new long[] {16, 32}, TensorType.F32, new float[512]);
    refuses(
        sample.metadata(),
        "tensor blk.0.attn_k.weight must have dimensions [32, 16], not [16, 32]");
  }

  @Test
  void refusesATensorThatItWouldIgnore() {
    sample.put("blk.0.attn_q.bias", new long[] {32}, TensorType.F32, new float[32]);
    refuses(sample.metadata(), "tensor blk.0.attn_q.bias is no part of this architecture");
  }

  @Test
  void bytesOfABlockAreKeysAndValuesOfAllLayers() {
    assertThat(KvCache.bytesPerBlock(SMALL, 16)).isEqualTo(2 * 4 * 16 * 16);
    assertThatThrownBy(() -> new KvCache(SMALL, 1 << 30, 16))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("too many");
  }
}
