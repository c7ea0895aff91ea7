package io.parley.model.family;

import io.parley.model.decoder.Activation;
import io.parley.model.decoder.DecoderConfig;
import io.parley.model.decoder.DecoderVariant;
import io.parley.model.decoder.LayerAttention;
import io.parley.model.decoder.LayerPart;
import io.parley.model.decoder.RotaryLayout;
import io.parley.model.decoder.Rotation;
import java.util.List;
import java.util.Set;

/**
 * Gemma 3, text only (arXiv:2503.19786): of six layers five see a window and turn by a short base,
 * the sixth sees everything and turns by a long one; heads of queries and keys go through a norm.
 */
record Gemma3() implements Family {
  private static final int PATTERN = 6;
  private static final double LOCAL_BASE = 10_000;

  /** The 27B model alone divides scores by the root of width / heads instead of the head size. */
  private static final int LAYERS_OF_27B = 62;

  @Override
  public String architecture() {
    return "gemma3";
  }

  @Override
  public DecoderVariant variant(FamilyKeys keys, int layers) {
    Rotation wide = keys.rotation(RotaryLayout.HALVES);
    Rotation near =
        Rotation.plain(
            RotaryLayout.HALVES, wide.dimensions(), keys.number("rope.freq_base_swa", LOCAL_BASE));
    int window = keys.integer("attention.sliding_window", 1, DecoderConfig.MAX_CONTEXT_TOKENS);
    int pattern =
        keys.integer("attention.sliding_window_pattern", 1, DecoderConfig.MAX_LAYERS, PATTERN);
    List<LayerAttention> attention =
        LayerAttention.each(
            layers,
            i ->
                (i + 1) % pattern == 0
                    ? LayerAttention.global(wide)
                    : LayerAttention.local(near, window));
    return new DecoderVariant(
        attention,
        Set.of(LayerPart.POST_NORM, LayerPart.QUERY_KEY_NORM),
        Activation.GEGLU,
        (float) Math.sqrt(keys.width()),
        layers == LAYERS_OF_27B ? Gemma2.scaleByWidth(keys) : 1,
        (float) keys.number("attn_logit_softcapping", 0),
        (float) keys.number("final_logit_softcapping", 0));
  }
}
