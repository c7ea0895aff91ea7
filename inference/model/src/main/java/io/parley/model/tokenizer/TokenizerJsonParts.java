package io.parley.model.tokenizer;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a {@code tokenizer.json} that bear on encoding. Vocabulary and merges, which have
 * hundreds of thousands of entries, are read without a tree of JSON in between.
 */
record TokenizerJsonParts(
    List<AddedToken> addedTokens, JsonNode normalizer, JsonNode preTokenizer, Model model) {
  private static final int MAX_TOKENS = 1 << 24;

  /** A token that is looked for in text before anything else. */
  record AddedToken(int id, String content, boolean special) {}

  /**
   * The part named {@code model}.
   *
   * @param options all but vocabulary and merges
   */
  record Model(
      Map<String, Integer> vocabulary, List<String> merges, Map<String, JsonNode> options) {
    boolean byteFallback() {
      return option("byte_fallback").asBoolean(false);
    }

    boolean ignoreMerges() {
      return option("ignore_merges").asBoolean(false);
    }

    private JsonNode option(String name) {
      return options.getOrDefault(name, MissingNode.getInstance());
    }

    void requireSupported() {
      String type = option("type").asText("BPE");
      if (!type.equals("BPE")) {
        throw new IllegalArgumentException(
            "model.type: \"%s\" is not supported; only \"BPE\" is".formatted(type));
      }
      for (String name : List.of("continuing_subword_prefix", "end_of_word_suffix")) {
        if (!option(name).asText("").isEmpty() && !option(name).isNull()) {
          throw new IllegalArgumentException("model.%s is not supported".formatted(name));
        }
      }
      if (option("dropout").asDouble(0) != 0) {
        throw new IllegalArgumentException("model.dropout is not supported");
      }
    }
  }

  static TokenizerJsonParts read(JsonParser in) throws IOException {
    Map<String, JsonNode> nodes = new HashMap<>();
    Model model = null;
    while (in.nextToken() != JsonToken.END_OBJECT) {
      String name = in.currentName();
      in.nextToken();
      if (name.equals("model")) {
        model = readModel(in);
      } else {
        nodes.put(name, in.readValueAsTree());
      }
    }
    return new TokenizerJsonParts(
        addedTokens(part(nodes, "added_tokens")),
        part(nodes, "normalizer"),
        part(nodes, "pre_tokenizer"),
        required(model));
  }

  private static JsonNode part(Map<String, JsonNode> nodes, String name) {
    return nodes.getOrDefault(name, MissingNode.getInstance());
  }

  private static Model required(@Nullable Model model) {
    if (model == null) {
      throw new IllegalArgumentException("model is missing");
    }
    return model;
  }

  private static List<AddedToken> addedTokens(JsonNode node) {
    List<AddedToken> out = new ArrayList<>();
    for (JsonNode token : node) {
      String content = token.path("content").asText("");
      if (content.isEmpty() || !token.path("id").isInt()) {
        throw new IllegalArgumentException("added_tokens: an entry lacks its id or its content");
      }
      for (String flag : List.of("single_word", "lstrip", "rstrip")) {
        if (token.path(flag).asBoolean(false)) {
          throw new IllegalArgumentException(
              "added_tokens: %s of \"%s\" is not supported".formatted(flag, content));
        }
      }
      boolean special = token.path("special").asBoolean(false);
      out.add(new AddedToken(token.path("id").asInt(), content, special));
    }
    return out;
  }

  private static Model readModel(JsonParser in) throws IOException {
    requireStart(in, JsonToken.START_OBJECT, "model", "an object");
    Map<String, Integer> vocabulary = new LinkedHashMap<>();
    List<String> merges = new ArrayList<>();
    Map<String, JsonNode> options = new HashMap<>();
    while (in.nextToken() != JsonToken.END_OBJECT) {
      String name = in.currentName();
      in.nextToken();
      switch (name) {
        case "vocab" -> readVocabulary(in, vocabulary);
        case "merges" -> readMerges(in, merges);
        default -> options.put(name, in.readValueAsTree());
      }
    }
    return new Model(vocabulary, merges, options);
  }

  private static void requireStart(JsonParser in, JsonToken start, String name, String what) {
    if (in.currentToken() != start) {
      throw new IllegalArgumentException(name + " must be " + what);
    }
  }

  private static void readVocabulary(JsonParser in, Map<String, Integer> out) throws IOException {
    requireStart(in, JsonToken.START_OBJECT, "model.vocab", "an object");
    while (in.nextToken() != JsonToken.END_OBJECT) {
      String token = in.currentName();
      if (in.nextToken() != JsonToken.VALUE_NUMBER_INT) {
        throw new IllegalArgumentException(
            "model.vocab: the id of \"%s\" must be an integer".formatted(token));
      }
      out.put(token, in.getIntValue());
      if (out.size() > MAX_TOKENS) {
        throw new IllegalArgumentException("model.vocab has more than " + MAX_TOKENS + " tokens");
      }
    }
  }

  private static void readMerges(JsonParser in, List<String> out) throws IOException {
    requireStart(in, JsonToken.START_ARRAY, "model.merges", "an array");
    while (in.nextToken() != JsonToken.END_ARRAY) {
      switch (in.currentToken()) {
        case VALUE_STRING -> out.add(in.getText());
        case START_ARRAY -> out.add(readPair(in, out.size()));
        default -> throw notAMerge(out.size());
      }
    }
  }

  private static String readPair(JsonParser in, int index) throws IOException {
    String left = in.nextTextValue();
    String right = in.nextTextValue();
    if (left == null || right == null || in.nextToken() != JsonToken.END_ARRAY) {
      throw notAMerge(index);
    }
    if (left.indexOf(' ') >= 0 || right.indexOf(' ') >= 0) {
      throw notAMerge(index);
    }
    return left + " " + right;
  }

  private static IllegalArgumentException notAMerge(int index) {
    return new IllegalArgumentException(
        "model.merges: entry %d must be \"left right\" or [\"left\", \"right\"]".formatted(index));
  }
}
