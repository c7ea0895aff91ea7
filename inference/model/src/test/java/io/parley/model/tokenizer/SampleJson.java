package io.parley.model.tokenizer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Writes {@code tokenizer.json}. */
final class SampleJson {
  static final String BYTE_LEVEL =
      "{\"type\":\"ByteLevel\",\"add_prefix_space\":false,\"trim_offsets\":false,\"use_regex\":%b}";

  private SampleJson() {}

  static String tokenizer(
      String addedTokens,
      String normalizer,
      String preTokenizer,
      List<String> tokens,
      List<String> merges,
      boolean byteFallback,
      boolean ignoreMerges) {
    return """
        {"version":"1.0","truncation":null,"padding":null,"added_tokens":[%s],
         "normalizer":%s,"pre_tokenizer":%s,"post_processor":null,"decoder":%s,
         "model":{"type":"BPE","dropout":null,"unk_token":%s,"continuing_subword_prefix":null,
           "end_of_word_suffix":null,"fuse_unk":false,"byte_fallback":%b,"ignore_merges":%b,
           "vocab":{%s},"merges":[%s]}}
        """
        .formatted(
            addedTokens,
            normalizer,
            preTokenizer,
            byteFallback ? PIECE_DECODER : BYTE_LEVEL.formatted(true),
            byteFallback ? "\"<unk>\"" : "null",
            byteFallback,
            ignoreMerges,
            entries(tokens),
            merges.stream().map(SampleJson::quote).collect(Collectors.joining(",")));
  }

  private static final String PIECE_DECODER =
      "{\"type\":\"Sequence\",\"decoders\":[{\"type\":\"Replace\",\"pattern\":{\"String\":\"\u2581\"},"
          + "\"content\":\" \"},{\"type\":\"ByteFallback\"},{\"type\":\"Fuse\"}]}";

  static String addedToken(int id, String content, boolean special) {
    return ("{\"id\":%d,\"content\":%s,\"single_word\":false,\"lstrip\":false,\"rstrip\":false,"
            + "\"normalized\":false,\"special\":%b}")
        .formatted(id, quote(content), special);
  }

  /** For byte-level BPE. */
  static String of(PreTokenizer rule, Vocabulary vocabulary, String normalizer) {
    String added =
        Stream.concat(
                vocabulary.special().stream()
                    .map(id -> addedToken(id, vocabulary.tokens().get(id), true)),
                vocabulary.added().stream()
                    .map(id -> addedToken(id, vocabulary.tokens().get(id), false)))
            .collect(Collectors.joining(","));
    return tokenizer(
        added,
        normalizer,
        preTokenizer(rule),
        vocabulary.tokens(),
        vocabulary.merges(),
        false,
        rule.wholeTokensFirst());
  }

  static String preTokenizer(PreTokenizer rule) {
    return switch (rule) {
      case GPT2 -> BYTE_LEVEL.formatted(true);
      case SMOLLM ->
          "{\"type\":\"Sequence\",\"pretokenizers\":[{\"type\":\"Digits\",\"individual_digits\":true},"
              + BYTE_LEVEL.formatted(true)
              + "]}";
      case QWEN2, LLAMA3, TEKKEN ->
          "{\"type\":\"Sequence\",\"pretokenizers\":[{\"type\":\"Split\",\"pattern\":{\"Regex\":"
              + quote(rule.patterns().getFirst())
              + "},\"behavior\":\"Isolated\",\"invert\":false},"
              + BYTE_LEVEL.formatted(false)
              + "]}";
    };
  }

  private static String entries(List<String> tokens) {
    List<String> out = new ArrayList<>();
    for (int id = 0; id < tokens.size(); id++) {
      out.add(quote(tokens.get(id)) + ":" + id);
    }
    return String.join(",", out);
  }

  static String quote(String text) {
    return "\""
        + text.replace("\\", "\\\\")
            .replace("\"", "\\\"")
            .replace("\n", "\\n")
            .replace("\t", "\\t")
            .replace("\r", "\\r")
        + "\"";
  }

  /** Our tokenizer from such a text. */
  static Tokenizer read(Path directory, String json, TokenizerJson.Settings settings) {
    try {
      Path file = directory.resolve("tokenizer.json");
      Files.writeString(file, json);
      return TokenizerJson.read(file, settings);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
