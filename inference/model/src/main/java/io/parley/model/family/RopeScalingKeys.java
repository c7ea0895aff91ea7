package io.parley.model.family;

import io.parley.model.decoder.DecoderConfig;
import io.parley.model.decoder.RotaryScaling;

/** Reads {@code rope.scaling.*}. */
final class RopeScalingKeys {
  private static final String TYPE = "rope.scaling.type";
  private static final String FACTOR = "rope.scaling.factor";

  private RopeScalingKeys() {}

  static RotaryScaling read(FamilyKeys keys) {
    String type = keys.string(TYPE, "none");
    return switch (type) {
      case "none" -> new RotaryScaling.None();
      case "linear" -> new RotaryScaling.Linear(factor(keys));
      case "yarn" -> yarn(keys);
      default ->
          throw keys.failure(
              TYPE,
              "rope scaling \"%s\" is not supported; supported are none, linear and yarn"
                  .formatted(type));
    };
  }

  private static double factor(FamilyKeys keys) {
    if (!keys.has(FACTOR)) {
      throw keys.failure(FACTOR, "is missing, though there is a " + TYPE);
    }
    return keys.number(FACTOR, 1);
  }

  private static RotaryScaling yarn(FamilyKeys keys) {
    String multiplier = "rope.scaling.yarn_log_multiplier";
    if (keys.number(multiplier, 0) != 0) {
      throw keys.failure(multiplier, "is not supported");
    }
    int original =
        keys.integer(
            "rope.scaling.original_context_length",
            1,
            DecoderConfig.MAX_CONTEXT_TOKENS,
            keys.contextTokens());
    return new RotaryScaling.Yarn(
        factor(keys),
        original,
        keys.number("rope.scaling.attn_factor", 1),
        keys.number("rope.scaling.yarn_ext_factor", 1),
        keys.number("rope.scaling.yarn_beta_fast", 32),
        keys.number("rope.scaling.yarn_beta_slow", 1));
  }
}
