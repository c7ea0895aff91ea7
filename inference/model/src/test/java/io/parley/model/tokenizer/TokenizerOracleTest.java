package io.parley.model.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The same vocabulary in the reference implementation gives the same ids. */
class TokenizerOracleTest {
  private static final List<String> PARTS =
      List.of(
          "the", " the", "The", "'s", "'LL", "'", "\u2019s", " ", "  ", "\n", "\r\n", "\t", "1",
          "42", "12345", "½", "Ⅷ", "٣", "é", "naïve", "Übermut", "e\u0301", "Привет", "世界", "你好",
          "안녕", "こんにちは", "👍🏽", "🙂", "\u00a0", "\u3000", "\u200b", "<|end|>", "<|", "|>", "...",
          "!?", "$", "€", "()", "[i]", "_x", "//", "brother", "café", "हिन्दी", "ไทย", "עברית",
          "العربية", "\u0000", "\u007f", "ſ", "'ſ", "K", "İ", "ß", "ﬁ");

  @ParameterizedTest
  @EnumSource(PreTokenizer.class)
  void givesTheSameIds(PreTokenizer rule) throws IOException {
    String name =
        switch (rule) {
          case QWEN2 -> "qwen2";
          case GPT2 -> "gpt-2";
          case LLAMA3 -> "llama-bpe";
          case SMOLLM -> "smollm";
        };
    Vocabulary vocabulary = SampleVocabulary.learn(name, 200);
    BytePairTokenizer tokenizer = new BytePairTokenizer(vocabulary);
    Random random = new Random(rule.name().hashCode());
    try (HuggingFaceTokenizer oracle = oracle(rule, vocabulary)) {
      for (int i = 0; i < 1_000; i++) {
        String text = text(random);
        long[] expected = oracle.encode(text, false, false).getIds();
        long[] actual =
            IntStream.of(tokenizer.encodeWithSpecialTokens(text)).asLongStream().toArray();
        assertThat(actual).as("%s", text).isEqualTo(expected);
      }
    }
  }

  private static String text(Random random) {
    int parts = random.nextInt(30);
    return random.ints(parts, 0, PARTS.size()).mapToObj(PARTS::get).collect(Collectors.joining());
  }

  private static HuggingFaceTokenizer oracle(PreTokenizer rule, Vocabulary vocabulary)
      throws IOException {
    String json =
        """
        {"version":"1.0","added_tokens":[%s],"normalizer":null,"pre_tokenizer":%s,
         "post_processor":null,"decoder":null,
         "model":{"type":"BPE","vocab":{%s},"merges":[%s],"ignore_merges":%b,"byte_fallback":false,
           "dropout":null,"unk_token":null,"continuing_subword_prefix":null,
           "end_of_word_suffix":null,"fuse_unk":false}}
        """
            .formatted(
                addedTokens(vocabulary),
                preTokenizer(rule),
                entries(vocabulary.tokens()),
                vocabulary.merges().stream().map(m -> quote(m)).collect(Collectors.joining(",")),
                rule.wholeTokensFirst());
    return HuggingFaceTokenizer.newInstance(
        new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)),
        Map.of("addSpecialTokens", "false", "truncation", "false", "padding", "false"));
  }

  private static String preTokenizer(PreTokenizer rule) {
    String byteLevel =
        "{\"type\":\"ByteLevel\",\"add_prefix_space\":false,\"trim_offsets\":false,\"use_regex\":%b}";
    return switch (rule) {
      case GPT2 -> byteLevel.formatted(true);
      case SMOLLM ->
          "{\"type\":\"Sequence\",\"pretokenizers\":[{\"type\":\"Digits\",\"individual_digits\":true},"
              + byteLevel.formatted(true)
              + "]}";
      case QWEN2 -> split("\\p{N}", byteLevel);
      case LLAMA3 -> split("\\p{N}{1,3}", byteLevel);
    };
  }

  private static String split(String digits, String byteLevel) {
    String pattern =
        "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|"
            + digits
            + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
    return "{\"type\":\"Sequence\",\"pretokenizers\":[{\"type\":\"Split\",\"pattern\":{\"Regex\":"
        + quote(pattern)
        + "},\"behavior\":\"Isolated\",\"invert\":false},"
        + byteLevel.formatted(false)
        + "]}";
  }

  private static String addedTokens(Vocabulary vocabulary) {
    return vocabulary.special().stream()
        .map(
            id ->
                "{\"id\":%d,\"content\":%s,\"special\":true,\"single_word\":false,\"lstrip\":false,\"rstrip\":false,\"normalized\":false}"
                    .formatted(id, quote(vocabulary.tokens().get(id))))
        .collect(Collectors.joining(","));
  }

  private static String entries(List<String> tokens) {
    List<String> out = new ArrayList<>();
    for (int id = 0; id < tokens.size(); id++) {
      out.add(quote(tokens.get(id)) + ":" + id);
    }
    return String.join(",", out);
  }

  private static String quote(String text) {
    return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }
}
