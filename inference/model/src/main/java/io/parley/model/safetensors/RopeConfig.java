package io.parley.model.safetensors;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * The rotation that {@code config.json} describes: {@code rope_theta} with {@code rope_scaling}, or
 * {@code rope_parameters}, which hold both, for Gemma 3 once for each kind of layer.
 */
final class RopeConfig {
  private static final double DEFAULT_BASE = 10_000;
  private static final double GEMMA3_BASE = 1_000_000;

  private final ModelConfig config;

  RopeConfig(ModelConfig config) {
    this.config = config;
  }

  private boolean isGemma3() {
    return config.convention() == Convention.GEMMA3;
  }

  /** The name of the object that holds the scaling, with a dot. */
  private String where() {
    return config.isGiven("rope_parameters") ? "rope_parameters." : "rope_scaling.";
  }

  private JsonNode scaling() {
    if (!config.isGiven("rope_parameters")) {
      return config.get("rope_scaling");
    }
    JsonNode parameters = config.get("rope_parameters");
    return isGemma3() && parameters.has("full_attention")
        ? parameters.path("full_attention")
        : parameters;
  }

  private double base() {
    double absent = isGemma3() ? GEMMA3_BASE : DEFAULT_BASE;
    double outside = config.isGiven("rope_theta") ? config.get("rope_theta").asDouble(-1) : absent;
    return config.number(where(), scaling(), "rope_theta", outside);
  }

  private String type() {
    JsonNode scaling = scaling();
    return scaling.path("rope_type").asText(scaling.path("type").asText("default"));
  }

  void putKeys() {
    config.put("rope.freq_base", base());
    config.put("rope.dimension_count", (long) config.headSize());
    if (isGemma3()) {
      putLocalBase();
    }
    switch (type()) {
      case "default", "llama3" -> {}
      case "linear" -> {
        config.put("rope.scaling.type", "linear");
        config.put("rope.scaling.factor", required("factor"));
      }
      case "yarn" -> putYarn();
      default ->
          throw config.failure(
              where() + "rope_type",
              "\"%s\" is not supported; supported are default, linear, llama3 and yarn"
                  .formatted(type()));
    }
  }

  private void putLocalBase() {
    JsonNode local = config.get("rope_parameters").path("sliding_attention");
    String type = local.path("rope_type").asText("default");
    if (!type.equals("default")) {
      throw config.failure(
          "rope_parameters.sliding_attention.rope_type", "\"%s\" is not supported".formatted(type));
    }
    double outside =
        config.isGiven("rope_local_base_freq")
            ? config.get("rope_local_base_freq").asDouble(-1)
            : DEFAULT_BASE;
    config.put(
        "rope.freq_base_swa", config.number("rope_parameters.", local, "rope_theta", outside));
  }

  private double required(String name) {
    double value = config.number(where(), scaling(), name, Double.NaN);
    if (Double.isNaN(value)) {
      throw config.failure(where() + name, "is missing");
    }
    return value;
  }

  private void putYarn() {
    JsonNode scaling = scaling();
    for (String name : new String[] {"mscale", "mscale_all_dim"}) {
      if (config.number(where(), scaling, name, 0) != 0) {
        throw config.failure(where() + name, "is not supported");
      }
    }
    if (!scaling.path("truncate").asBoolean(true)) {
      throw config.failure(where() + "truncate", "false is not supported");
    }
    double factor = required("factor");
    config.put("rope.scaling.type", "yarn");
    config.put("rope.scaling.factor", factor);
    long context = config.integer("max_position_embeddings");
    config.put(
        "rope.scaling.original_context_length",
        (long)
            config.number(where(), scaling, "original_max_position_embeddings", (double) context));
    config.put("rope.scaling.yarn_beta_fast", config.number(where(), scaling, "beta_fast", 32));
    config.put("rope.scaling.yarn_beta_slow", config.number(where(), scaling, "beta_slow", 1));
    // What GGUF's number multiplies is the paper's magnitude; this one replaces it.
    double usual = 1 + 0.1 * Math.log(factor);
    double magnitude = config.number(where(), scaling, "attention_factor", usual);
    config.put("rope.scaling.attn_factor", magnitude / usual);
  }

  /**
   * Of Llama 3 (Grattafiori et al. 2024, arXiv:2407.21783): 1 for pairs that turn often over the
   * original context, the whole factor for those that turn seldom, a smooth passage between.
   */
  float[] divisors() {
    if (!type().equals("llama3")) {
      return new float[0];
    }
    double factor = required("factor");
    double low = required("low_freq_factor");
    double high = required("high_freq_factor");
    double context = required("original_max_position_embeddings");
    if (!(factor >= 1 && low > 0 && high > low && context >= 1)) {
      throw config.failure(
          where() + "factor", "llama3 needs factor ≥ 1 and 0 < low_freq_factor < high_freq_factor");
    }
    int size = config.headSize();
    float[] out = new float[size / 2];
    for (int i = 0; i < out.length; i++) {
      double wavelength = 2 * Math.PI * Math.pow(base(), 2.0 * i / size);
      double smooth = Math.clamp((context / wavelength - low) / (high - low), 0.0, 1.0);
      out[i] = (float) (1 / ((1 - smooth) / factor + smooth));
    }
    return out;
  }
}
