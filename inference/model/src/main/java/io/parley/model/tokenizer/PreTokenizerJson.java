package io.parley.model.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** Finds the rule that a {@code pre_tokenizer} of byte-level BPE describes. */
final class PreTokenizerJson {
  private PreTokenizerJson() {}

  /**
   * The rule.
   *
   * @throws IllegalArgumentException that shows the component if there is none
   */
  static PreTokenizer recognise(JsonNode preTokenizer) {
    List<JsonNode> stages = new ArrayList<>();
    if (TokenizerJson.type(preTokenizer).equals("Sequence")) {
      preTokenizer.path("pretokenizers").forEach(stages::add);
    } else {
      stages.add(preTokenizer);
    }
    JsonNode last = stages.isEmpty() ? preTokenizer : stages.getLast();
    if (!TokenizerJson.type(last).equals("ByteLevel")
        || last.path("add_prefix_space").asBoolean(true)) {
      throw unsupported(preTokenizer);
    }
    boolean gpt2 = last.path("use_regex").asBoolean(true);
    if (stages.size() == 1 && gpt2) {
      return PreTokenizer.GPT2;
    }
    if (stages.size() == 2 && gpt2 && isSingleDigits(stages.getFirst())) {
      return PreTokenizer.SMOLLM;
    }
    if (stages.size() == 2 && !gpt2 && isIsolatingSplit(stages.getFirst())) {
      return byPattern(stages.getFirst(), preTokenizer);
    }
    throw unsupported(preTokenizer);
  }

  private static boolean isSingleDigits(JsonNode stage) {
    return TokenizerJson.type(stage).equals("Digits")
        && stage.path("individual_digits").asBoolean(false);
  }

  private static boolean isIsolatingSplit(JsonNode stage) {
    return TokenizerJson.type(stage).equals("Split")
        && stage.path("behavior").asText("").equals("Isolated")
        && !stage.path("invert").asBoolean(false);
  }

  private static PreTokenizer byPattern(JsonNode split, JsonNode whole) {
    String pattern = split.path("pattern").path("Regex").asText("");
    for (PreTokenizer rule : PreTokenizer.values()) {
      if (rule.patterns().equals(List.of(pattern))) {
        return rule;
      }
    }
    throw unsupported(whole);
  }

  private static IllegalArgumentException unsupported(JsonNode preTokenizer) {
    return new IllegalArgumentException(
        "pre_tokenizer: %s is not supported; supported are those of GPT-2, SmolLM, Llama 3, Qwen 2"
                .formatted(preTokenizer)
            + " and Tekken");
  }
}
