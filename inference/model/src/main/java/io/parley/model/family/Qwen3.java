package io.parley.model.family;

import io.parley.model.decoder.DecoderVariant;
import io.parley.model.decoder.LayerAttention;
import io.parley.model.decoder.LayerPart;
import io.parley.model.decoder.RotaryLayout;
import io.parley.model.decoder.Rotation;

/** Qwen 3, the dense models (arXiv:2505.09388): heads of queries and keys go through a norm. */
record Qwen3() implements Family {
  @Override
  public String architecture() {
    return "qwen3";
  }

  @Override
  public DecoderVariant variant(FamilyKeys keys, int layers) {
    Rotation rotation = keys.rotation(RotaryLayout.HALVES);
    return DecoderVariant.plain(LayerAttention.each(layers, i -> LayerAttention.global(rotation)))
        .with(LayerPart.QUERY_KEY_NORM);
  }
}
