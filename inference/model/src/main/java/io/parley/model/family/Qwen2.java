package io.parley.model.family;

import io.parley.model.decoder.DecoderVariant;
import io.parley.model.decoder.LayerAttention;
import io.parley.model.decoder.LayerPart;
import io.parley.model.decoder.RotaryLayout;
import io.parley.model.decoder.Rotation;

/** Qwen 2 and 2.5 (arXiv:2407.10671, arXiv:2412.15115): queries, keys and values have a bias. */
record Qwen2() implements Family {
  @Override
  public String architecture() {
    return "qwen2";
  }

  @Override
  public DecoderVariant variant(FamilyKeys keys, int layers) {
    Rotation rotation = keys.rotation(RotaryLayout.HALVES);
    return DecoderVariant.plain(LayerAttention.each(layers, i -> LayerAttention.global(rotation)))
        .with(LayerPart.ATTENTION_BIAS);
  }
}
