package io.parley.model.safetensors;

import com.fasterxml.jackson.databind.JsonNode;

/** Whether {@code layer_types} says what the architecture does without being told. */
final class LayerTypes {
  private final ModelConfig config;

  LayerTypes(ModelConfig config) {
    this.config = config;
  }

  boolean areUsual() {
    JsonNode types = config.get("layer_types");
    for (int i = 0; i < types.size(); i++) {
      if (!types.get(i).asText("").equals(usual(i))) {
        return false;
      }
    }
    return true;
  }

  private String usual(int layer) {
    boolean local =
        switch (config.convention()) {
          case GEMMA2 -> layer % 2 == 0;
          case GEMMA3 -> (layer + 1) % pattern() != 0;
          case MISTRAL -> config.isGiven("sliding_window");
          default -> false;
        };
    return local ? "sliding_attention" : "full_attention";
  }

  private long pattern() {
    for (String name : new String[] {"sliding_window_pattern", "_sliding_window_pattern"}) {
      if (config.isGiven(name)) {
        return config.integer(name);
      }
    }
    return 6;
  }
}
