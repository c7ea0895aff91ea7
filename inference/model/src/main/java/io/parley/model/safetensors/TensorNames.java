package io.parley.model.safetensors;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The names that GGUF gives to tensors. */
final class TensorNames {
  static final String EMBEDDING = "token_embd.weight";
  static final String OUTPUT = "output.weight";
  static final String ROTATION_DIVISORS = "rope_freqs.weight";

  private static final Pattern LAYER = Pattern.compile("model\\.layers\\.(\\d{1,6})\\.(.+)");

  private static final Map<String, String> OUTSIDE =
      Map.of(
          "model.embed_tokens.weight", EMBEDDING,
          "model.norm.weight", "output_norm.weight",
          "lm_head.weight", OUTPUT);

  private final Map<String, String> inLayer = new HashMap<>();

  TensorNames(Convention convention) {
    inLayer.put("input_layernorm.weight", "attn_norm.weight");
    for (String part : new String[] {"q", "k", "v"}) {
      inLayer.put("self_attn.%s_proj.weight".formatted(part), "attn_%s.weight".formatted(part));
      inLayer.put("self_attn.%s_proj.bias".formatted(part), "attn_%s.bias".formatted(part));
      inLayer.put(
          "self_attn.%s_norm.weight".formatted(part), "attn_%s_norm.weight".formatted(part));
    }
    inLayer.put("self_attn.o_proj.weight", "attn_output.weight");
    for (String part : new String[] {"gate", "up", "down"}) {
      inLayer.put("mlp.%s_proj.weight".formatted(part), "ffn_%s.weight".formatted(part));
    }
    String afterAttention = "post_attention_layernorm.weight";
    if (convention.gemma()) {
      inLayer.put(afterAttention, "post_attention_norm.weight");
      inLayer.put("pre_feedforward_layernorm.weight", "ffn_norm.weight");
      inLayer.put("post_feedforward_layernorm.weight", "post_ffw_norm.weight");
    } else {
      inLayer.put(afterAttention, "ffn_norm.weight");
    }
  }

  /** The other name; a name that is not known stays, for whoever takes tensors to refuse. */
  String translate(String name) {
    Matcher layer = LAYER.matcher(name);
    if (!layer.matches()) {
      return OUTSIDE.getOrDefault(name, name);
    }
    String rest = inLayer.get(layer.group(2));
    return rest == null ? name : "blk." + layer.group(1) + "." + rest;
  }

  /** Frequencies that old files hold, which follow from the configuration. */
  static boolean isRedundant(String name) {
    return name.endsWith(".rotary_emb.inv_freq");
  }
}
