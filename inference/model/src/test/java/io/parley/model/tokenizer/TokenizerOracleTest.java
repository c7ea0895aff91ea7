package io.parley.model.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import io.parley.model.family.LlamaCpp;
import io.parley.model.family.SampleModel;
import io.parley.model.gguf.GgufFile;
import io.parley.model.tensor.TensorType;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The same vocabulary in the reference implementations gives the same ids. */
class TokenizerOracleTest {
  private static final List<String> PARTS =
      List.of(
          "the",
          " the",
          "The",
          "'s",
          "'LL",
          "'",
          "\u2019s",
          " ",
          "  ",
          "\n",
          "\r\n",
          "\t",
          "1",
          "42",
          "12345",
          "½",
          "Ⅷ",
          "٣",
          "é",
          "naïve",
          "Übermut",
          "e\u0301",
          "Привет",
          "世界",
          "你好",
          "안녕",
          "こんにちは",
          "👍🏽",
          "🙂",
          "\u00a0",
          "\u3000",
          "\u200b",
          "<|end|>",
          "<|",
          "|>",
          "...",
          "!?",
          "$",
          "€",
          "()",
          "[i]",
          "_x",
          "//",
          "brother",
          "café",
          "हिन्दी",
          "ไทย",
          "עברית",
          "العربية",
          "\u0000",
          "\u007f",
          "ſ",
          "'ſ",
          "K",
          "İ",
          "ß",
          "ﬁ",
          "camelCase",
          "XMLHttp",
          "<tool>",
          "<tool",
          "ǅungla",
          "a\u0308\u0323");

  private static final String SPELLING =
      "{\"type\":\"Replace\",\"pattern\":{\"String\":\" \"},\"content\":\"\u2581\"}";

  private static final String PREPENDING =
      "{\"type\":\"Sequence\",\"normalizers\":[{\"type\":\"Prepend\",\"prepend\":\"\u2581\"},"
          + SPELLING
          + "]}";

  @TempDir Path directory;

  /** With an added token besides the special ones. */
  private static Vocabulary vocabulary(PreTokenizer rule) {
    Vocabulary learned = SampleVocabulary.learn(rule.ggufName(), 200);
    List<String> tokens = new ArrayList<>(learned.tokens());
    tokens.add("<tool>");
    return new Vocabulary(
        tokens,
        learned.merges(),
        learned.special(),
        Set.of(tokens.size() - 1),
        rule.ggufName(),
        learned.begin(),
        learned.end(),
        learned.endOfTurn());
  }

  private static TokenizerJson.Settings settings(int size) {
    return new TokenizerJson.Settings(Optional.empty(), Optional.empty(), Set.of(), size);
  }

  @ParameterizedTest
  @EnumSource(PreTokenizer.class)
  void byteLevelGivesTheSameIds(PreTokenizer rule) throws IOException {
    Vocabulary vocabulary = vocabulary(rule);
    Tokenizer tokenizer = new BytePairTokenizer(vocabulary);
    String json = SampleJson.of(rule, vocabulary, "null");
    Tokenizer read = SampleJson.read(directory, json, settings(tokenizer.vocabularySize()));
    Random random = new Random(rule.name().hashCode());
    try (HuggingFaceTokenizer oracle = oracle(json)) {
      for (int i = 0; i < 1_000; i++) {
        String text = text(random, PARTS);
        int[] expected = ids(oracle, text);
        assertThat(tokenizer.encodeWithSpecialTokens(text)).as(text).isEqualTo(expected);
        assertThat(read.encodeWithSpecialTokens(text)).as(text).isEqualTo(expected);
      }
    }
  }

  @Test
  void textIsComposedWhereAFileAsksForIt() throws IOException {
    Vocabulary vocabulary = vocabulary(PreTokenizer.QWEN2);
    String json = SampleJson.of(PreTokenizer.QWEN2, vocabulary, "{\"type\":\"NFC\"}");
    sameIds(json, vocabulary.tokens().size(), PARTS);
  }

  @Test
  void unfinishedCharactersAreDecodedAlike() throws IOException {
    Vocabulary vocabulary = vocabulary(PreTokenizer.GPT2);
    Tokenizer tokenizer = new BytePairTokenizer(vocabulary);
    Random random = new Random(2);
    try (HuggingFaceTokenizer oracle =
        oracle(SampleJson.of(PreTokenizer.GPT2, vocabulary, "null"))) {
      for (int i = 0; i < 1_000; i++) {
        int[] tokens = random.ints(random.nextInt(1, 9), 5, vocabulary.tokens().size()).toArray();
        long[] wide = IntStream.of(tokens).asLongStream().toArray();
        assertThat(tokenizer.decode(tokens)).isEqualTo(oracle.decode(wide, false));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        PREPENDING + " null",
        SPELLING + " null",
        SPELLING
            + " {\"type\":\"Split\",\"pattern\":{\"String\":\" \"},\"behavior\":\"MergedWithPrevious\",\"invert\":false}",
        "null {\"type\":\"Metaspace\",\"replacement\":\"\u2581\",\"prepend_scheme\":\"first\",\"split\":false}",
        "null {\"type\":\"Metaspace\",\"replacement\":\"\u2581\",\"prepend_scheme\":\"always\",\"split\":false}",
        "null {\"type\":\"Metaspace\",\"replacement\":\"\u2581\",\"prepend_scheme\":\"never\",\"split\":false}",
      })
  void piecesGiveTheSameIds(String components) throws IOException {
    int space = components.indexOf("} {") >= 0 ? components.indexOf("} {") + 1 : -1;
    int cut = space >= 0 ? space : components.startsWith("null") ? 4 : components.length() - 5;
    SamplePieces pieces = new SamplePieces(200);
    String json = pieces.json(components.substring(0, cut), components.substring(cut + 1));
    List<String> parts = new ArrayList<>(PARTS);
    parts.addAll(List.of("<table>", "<tr>", "<s>", "</s>", "<start_of_turn>", "   ", " the end"));
    sameIds(json, pieces.tokens.size(), parts);
  }

  private void sameIds(String json, int size, List<String> parts) throws IOException {
    Tokenizer read = SampleJson.read(directory, json, settings(size));
    Random random = new Random(5);
    try (HuggingFaceTokenizer oracle = oracle(json)) {
      for (int i = 0; i < 1_000; i++) {
        String text = text(random, parts);
        assertThat(read.encodeWithSpecialTokens(text)).as(text).isEqualTo(ids(oracle, text));
      }
    }
  }

  /** llama.cpp reads scores where Hugging Face's library reads merges. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void scoredPiecesGiveTheIdsOfLlamaCpp(boolean prefix) throws IOException {
    SamplePieces pieces = new SamplePieces(200);
    SampleModel.Sizes sizes = new SampleModel.Sizes(pieces.tokens.size(), 32, 32, 1, 1, 1, 32, 32);
    SampleModel model = new SampleModel("llama", sizes, TensorType.F32, true, 1);
    model.metadata.putAll(pieces.metadata(prefix));
    Path path = directory.resolve("pieces.gguf");
    model.write(path);
    List<String> parts = new ArrayList<>(PARTS);
    parts.remove("\u0000");
    parts.addAll(List.of("<table>", "<tr>", "<s>", "</s>", "<start_of_turn>", "   ", " the end"));
    Random random = new Random(6);
    try (GgufFile file = GgufFile.open(path);
        LlamaCpp peer = new LlamaCpp(path)) {
      Tokenizer tokenizer = Tokenizer.from(file);
      for (int i = 0; i < 1_000; i++) {
        String text = text(random, parts);
        assertThat(tokenizer.encodeWithSpecialTokens(text)).as(text).isEqualTo(peer.tokenize(text));
      }
    }
  }

  private static int[] ids(HuggingFaceTokenizer oracle, String text) {
    return Arrays.stream(oracle.encode(text, false, false).getIds())
        .mapToInt(id -> (int) id)
        .toArray();
  }

  private static String text(Random random, List<String> parts) {
    int count = random.nextInt(30);
    return random.ints(count, 0, parts.size()).mapToObj(parts::get).collect(Collectors.joining());
  }

  private static HuggingFaceTokenizer oracle(String json) throws IOException {
    return HuggingFaceTokenizer.newInstance(
        new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)),
        Map.of("addSpecialTokens", "false", "truncation", "false", "padding", "false"));
  }
}
