package io.parley.model.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** Finds out what a {@code normalizer} does to text. */
final class NormalizerJson {
  private static final String SPACE = String.valueOf(PieceVocabulary.SPACE);

  private NormalizerJson() {}

  private static List<JsonNode> stages(JsonNode normalizer) {
    List<JsonNode> stages = new ArrayList<>();
    switch (TokenizerJson.type(normalizer)) {
      case "null" -> {}
      case "Sequence" -> normalizer.path("normalizers").forEach(stages::add);
      default -> stages.add(normalizer);
    }
    return stages;
  }

  /** For byte-level BPE: whether text is brought into form NFC. */
  static boolean composes(JsonNode normalizer) {
    List<JsonNode> stages = stages(normalizer);
    for (JsonNode stage : stages) {
      if (!TokenizerJson.type(stage).equals("NFC")) {
        throw unsupported(stage);
      }
    }
    return !stages.isEmpty();
  }

  /** For SentencePiece: where text gets a space. */
  static SpacePrefix prefix(JsonNode normalizer, JsonNode preTokenizer) {
    boolean spells = false;
    boolean prepends = false;
    for (JsonNode stage : stages(normalizer)) {
      if (isSpelling(stage)) {
        spells = true;
      } else if (isPrefix(stage) && !spells) {
        prepends = true;
      } else {
        throw unsupported(stage);
      }
    }
    SpacePrefix byPreTokenizer = prefix(preTokenizer, spells);
    if (!prepends) {
      return byPreTokenizer;
    }
    if (byPreTokenizer != SpacePrefix.NONE) {
      throw new IllegalArgumentException(
          "normalizer and pre_tokenizer both put a space before text, which is not supported");
    }
    return SpacePrefix.EVERY_SECTION;
  }

  private static boolean isSpelling(JsonNode stage) {
    return TokenizerJson.type(stage).equals("Replace")
        && stage.path("pattern").path("String").asText("").equals(" ")
        && stage.path("content").asText("").equals(SPACE);
  }

  private static boolean isPrefix(JsonNode stage) {
    return TokenizerJson.type(stage).equals("Prepend")
        && stage.path("prepend").asText("").equals(SPACE);
  }

  private static SpacePrefix prefix(JsonNode preTokenizer, boolean spelled) {
    return switch (TokenizerJson.type(preTokenizer)) {
      case "null" -> {
        requireSpelled(spelled);
        yield SpacePrefix.NONE;
      }
      case "Metaspace" -> metaspace(preTokenizer);
      case "Split" -> {
        requireSpelled(spelled);
        requireNoEffect(preTokenizer);
        yield SpacePrefix.NONE;
      }
      default ->
          throw new IllegalArgumentException(
              "pre_tokenizer: %s is not supported with byte_fallback".formatted(preTokenizer));
    };
  }

  private static void requireSpelled(boolean spelled) {
    if (!spelled) {
      throw new IllegalArgumentException(
          "normalizer: with byte_fallback, spaces must be replaced by U+2581");
    }
  }

  /** A split at spaces, where there are none any more. */
  private static void requireNoEffect(JsonNode split) {
    if (!split.path("pattern").path("String").asText("").equals(" ")) {
      throw new IllegalArgumentException(
          "pre_tokenizer: %s is not supported with byte_fallback".formatted(split));
    }
  }

  private static SpacePrefix metaspace(JsonNode metaspace) {
    if (!metaspace.path("replacement").asText(SPACE).equals(SPACE)
        || metaspace.path("split").asBoolean(true)) {
      throw new IllegalArgumentException(
          "pre_tokenizer: %s is not supported: it must replace by U+2581 and not split"
              .formatted(metaspace));
    }
    String absent = metaspace.path("add_prefix_space").asBoolean(true) ? "always" : "never";
    String scheme = metaspace.path("prepend_scheme").asText(absent);
    return switch (scheme) {
      case "never" -> SpacePrefix.NONE;
      case "always" -> SpacePrefix.EVERY_SECTION_UNLESS_THERE;
      case "first" -> SpacePrefix.FIRST_SECTION_UNLESS_THERE;
      default ->
          throw new IllegalArgumentException(
              "pre_tokenizer: prepend_scheme \"%s\" is not supported".formatted(scheme));
    };
  }

  private static IllegalArgumentException unsupported(JsonNode stage) {
    return new IllegalArgumentException("normalizer: %s is not supported".formatted(stage));
  }
}
