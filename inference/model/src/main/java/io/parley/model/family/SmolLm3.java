package io.parley.model.family;

import io.parley.model.decoder.DecoderVariant;
import io.parley.model.decoder.LayerAttention;
import io.parley.model.decoder.RotaryLayout;
import io.parley.model.decoder.Rotation;
import java.util.Optional;

/**
 * SmolLM3 (huggingface.co/blog/smollm3): a Llama of which every fourth layer knows no positions
 * (NoPE; Yang et al. 2025, arXiv:2501.18795).
 */
record SmolLm3() implements Family {
  private static final int ROTATION_PERIOD = 4;

  @Override
  public String architecture() {
    return "smollm3";
  }

  @Override
  public DecoderVariant variant(FamilyKeys keys, int layers) {
    Rotation rotation = keys.rotation(RotaryLayout.INTERLEAVED);
    LayerAttention without = new LayerAttention(Optional.empty(), LayerAttention.ALL);
    return DecoderVariant.plain(
        LayerAttention.each(
            layers,
            i -> (i + 1) % ROTATION_PERIOD == 0 ? without : LayerAttention.global(rotation)));
  }
}
