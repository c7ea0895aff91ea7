package io.parley.model.family;

import io.parley.model.decoder.DecoderVariant;
import io.parley.model.decoder.LayerAttention;
import io.parley.model.decoder.RotaryLayout;
import io.parley.model.decoder.Rotation;

/**
 * Llama 2 and 3 (Touvron et al. 2023, arXiv:2307.09288; Grattafiori et al. 2024, arXiv:2407.21783)
 * and what is built alike: Mistral, SmolLM and SmolLM2, TinyLlama. A file that names a sliding
 * window, as the first Mistral does, has it in every layer.
 */
record Llama() implements Family {
  @Override
  public String architecture() {
    return "llama";
  }

  @Override
  public DecoderVariant variant(FamilyKeys keys, int layers) {
    Rotation rotation = keys.rotation(RotaryLayout.INTERLEAVED);
    int window = keys.window(LayerAttention.ALL);
    return DecoderVariant.plain(
        LayerAttention.each(layers, i -> LayerAttention.local(rotation, window)));
  }
}
