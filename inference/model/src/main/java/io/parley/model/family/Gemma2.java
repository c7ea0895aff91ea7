package io.parley.model.family;

import io.parley.model.decoder.Activation;
import io.parley.model.decoder.DecoderVariant;
import io.parley.model.decoder.LayerAttention;
import io.parley.model.decoder.LayerPart;
import io.parley.model.decoder.RotaryLayout;
import io.parley.model.decoder.Rotation;
import java.util.List;
import java.util.Set;

/**
 * Gemma 2 (arXiv:2408.00118): every other layer sees a window only, scores and logits are capped,
 * and there is a norm behind each part as well as before it. Norms are stored with the 1 that the
 * paper adds to their weights.
 */
record Gemma2() implements Family {
  private static final int DEFAULT_WINDOW = 4096;
  private static final double ATTENTION_SOFT_CAP = 50;
  private static final double OUTPUT_SOFT_CAP = 30;

  /** The 27B model alone divides scores by the root of width / heads instead of the head size. */
  private static final int LAYERS_OF_27B = 46;

  @Override
  public String architecture() {
    return "gemma2";
  }

  @Override
  public DecoderVariant variant(FamilyKeys keys, int layers) {
    Rotation rotation = keys.rotation(RotaryLayout.HALVES);
    int window = keys.window(DEFAULT_WINDOW);
    List<LayerAttention> attention =
        LayerAttention.each(
            layers,
            i ->
                i % 2 == 0
                    ? LayerAttention.local(rotation, window)
                    : LayerAttention.global(rotation));
    return new DecoderVariant(
        attention,
        Set.of(LayerPart.POST_NORM),
        Activation.GEGLU,
        (float) Math.sqrt(keys.width()),
        layers == LAYERS_OF_27B ? scaleByWidth(keys) : 1,
        (float) keys.number("attn_logit_softcapping", ATTENTION_SOFT_CAP),
        (float) keys.number("final_logit_softcapping", OUTPUT_SOFT_CAP));
  }

  /** What turns 1 / √headSize into 1 / √(width / heads). */
  static float scaleByWidth(FamilyKeys keys) {
    return (float) Math.sqrt((double) keys.headSize() * keys.heads() / keys.width());
  }
}
