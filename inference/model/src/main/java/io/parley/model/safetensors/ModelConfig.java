package io.parley.model.safetensors;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.parley.model.source.ModelFileException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code config.json} in the keys of GGUF. What it asks for that has no key there, and is not what
 * the architecture does anyway, is refused by name.
 */
final class ModelConfig {
  private static final int MAX_HEAD_SIZE = 1 << 12;

  private final String file;
  private final JsonNode json;
  private final Convention convention;
  private final Map<String, Object> keys = new LinkedHashMap<>();
  private final RopeConfig rope;

  /**
   * @param file the name that errors begin with
   * @throws ModelFileException if a value is missing, wrong or not supported
   */
  ModelConfig(String file, JsonNode json) {
    this.file = file;
    this.json = json;
    String type = json.path("model_type").asText("");
    this.convention =
        Convention.of(type)
            .orElseThrow(
                () ->
                    failure(
                        "model_type",
                        "\"%s\" is not supported; supported are %s"
                            .formatted(type, Convention.supported())));
    this.rope = new RopeConfig(this);
    refuseUnsupported();
    putSizes();
    rope.putKeys();
    putWindow();
    if (convention.gemma()) {
      putGemma();
    }
  }

  Convention convention() {
    return convention;
  }

  /** Values as {@link io.parley.model.source.Metadata} takes them. */
  Map<String, Object> keys() {
    return keys;
  }

  boolean tied() {
    return json.path("tie_word_embeddings").asBoolean(convention.tiedByDefault());
  }

  int headSize() {
    if (isGiven("head_dim")) {
      return Math.toIntExact(Math.min(MAX_HEAD_SIZE, integer("head_dim")));
    }
    long size = integer("hidden_size") / integer("num_attention_heads");
    if (size < 1) {
      throw failure("hidden_size", "must be at least num_attention_heads");
    }
    return (int) Math.min(MAX_HEAD_SIZE, size);
  }

  /** Divisors of the rotation's angles, none if it has none. */
  float[] ropeDivisors() {
    return rope.divisors();
  }

  JsonNode get(String name) {
    return json.path(name);
  }

  boolean isGiven(String name) {
    return !json.path(name).isMissingNode() && !json.path(name).isNull();
  }

  long integer(String name) {
    JsonNode node = json.path(name);
    if (!node.isIntegralNumber() || !node.canConvertToLong() || node.asLong() < 1) {
      throw failure(name, "must be an integer from 1, not " + shown(node));
    }
    return node.asLong();
  }

  /** A number of an object, which {@code where} names. */
  double number(String where, JsonNode object, String name, double absent) {
    JsonNode node = object.path(name);
    if (node.isMissingNode() || node.isNull()) {
      return absent;
    }
    if (!node.isNumber()) {
      throw failure(where + name, "must be a number, not " + shown(node));
    }
    return node.asDouble();
  }

  void put(String key, Object value) {
    keys.put(convention.architecture() + "." + key, value);
  }

  ModelFileException failure(String name, String problem) {
    return new ModelFileException("%s: %s: %s".formatted(file, name, problem));
  }

  private static String shown(JsonNode node) {
    return node.isMissingNode() ? "nothing" : node.toString();
  }

  private void putSizes() {
    keys.put("general.architecture", convention.architecture());
    put("context_length", integer("max_position_embeddings"));
    put("embedding_length", integer("hidden_size"));
    put("block_count", integer("num_hidden_layers"));
    put("feed_forward_length", integer("intermediate_size"));
    put("attention.head_count", integer("num_attention_heads"));
    if (isGiven("num_key_value_heads")) {
      put("attention.head_count_kv", integer("num_key_value_heads"));
    }
    put("attention.key_length", (long) headSize());
    put("attention.value_length", (long) headSize());
    double epsilon = number("", json, "rms_norm_eps", Double.NaN);
    put("attention.layer_norm_rms_epsilon", epsilon);
  }

  private void putWindow() {
    boolean windowed = convention == Convention.MISTRAL || convention.gemma();
    if (windowed && isGiven("sliding_window")) {
      put("attention.sliding_window", integer("sliding_window"));
    }
  }

  private void putGemma() {
    put("attn_logit_softcapping", number("", json, "attn_logit_softcapping", 0));
    put("final_logit_softcapping", number("", json, "final_logit_softcapping", 0));
    long layers = integer("num_hidden_layers");
    boolean byWidth = layers == (convention == Convention.GEMMA2 ? 46 : 62);
    double expected =
        byWidth ? (double) integer("hidden_size") / integer("num_attention_heads") : headSize();
    if (number("", json, "query_pre_attn_scalar", expected) != expected) {
      throw failure(
          "query_pre_attn_scalar",
          "%s is not supported; a model of %d layers has %s"
              .formatted(json.path("query_pre_attn_scalar"), layers, expected));
    }
    for (String name : List.of("sliding_window_pattern", "_sliding_window_pattern")) {
      if (convention == Convention.GEMMA3 && isGiven(name)) {
        put("attention.sliding_window_pattern", integer(name));
      }
    }
  }

  private void refuseUnsupported() {
    for (String name :
        List.of("mlp_bias", "use_sliding_window", "use_bidirectional_attention", "use_mrope")) {
      refuseUnless(name, !json.path(name).asBoolean(false));
    }
    refuseUnless(
        "attention_bias",
        !json.path("attention_bias").asBoolean(false) || convention == Convention.QWEN2);
    refuseUnless("quantization_config", !isGiven("quantization_config"));
    refuseUnless("partial_rotary_factor", number("", json, "partial_rotary_factor", 1) == 1);
    String activation = isGiven("hidden_activation") ? "hidden_activation" : "hidden_act";
    String name = json.path(activation).asText(convention.activations().getFirst());
    refuseUnless(activation, convention.activations().contains(name));
    refuseUnless("layer_types", new LayerTypes(this).areUsual());
    refuseUnless("no_rope_layers", convention != Convention.SMOLLM3 || everyFourthHasNoRope());
  }

  private void refuseUnless(String name, boolean supported) {
    if (!supported) {
      throw failure(name, json.path(name) + " is not supported");
    }
  }

  private boolean everyFourthHasNoRope() {
    JsonNode layers =
        isGiven("no_rope_layers") ? json.path("no_rope_layers") : MissingNode.getInstance();
    for (int i = 0; i < layers.size(); i++) {
      if (layers.get(i).asInt(-1) != ((i + 1) % 4 == 0 ? 0 : 1)) {
        return false;
      }
    }
    return number("", json, "no_rope_layer_interval", 4) == 4;
  }
}
