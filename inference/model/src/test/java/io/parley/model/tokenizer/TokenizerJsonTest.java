package io.parley.model.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.model.source.ModelFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenizerJsonTest {
  private static final Vocabulary VOCABULARY = SampleVocabulary.learn("llama-bpe", 50);
  private static final String JSON = SampleJson.of(PreTokenizer.LLAMA3, VOCABULARY, "null");
  private static final String PIECES =
      new SamplePieces(50)
          .json(
              "{\"type\":\"Replace\",\"pattern\":{\"String\":\" \"},\"content\":\"\u2581\"}",
              "null");

  @TempDir Path directory;

  private static TokenizerJson.Settings settings(int size) {
    return new TokenizerJson.Settings(
        Optional.of("<|begin|>"), Optional.of("<|end|>"), Set.of(3), size);
  }

  private Tokenizer read(String json) {
    return SampleJson.read(directory, json, settings(VOCABULARY.tokens().size()));
  }

  private void refuses(String json, String message) {
    assertThatThrownBy(() -> read(json))
        .isInstanceOf(ModelFileException.class)
        .hasMessageContaining("tokenizer.json")
        .hasMessageContaining(message);
  }

  private void refusesWith(String from, String to, String message) {
    assertThat(JSON).contains(from);
    refuses(JSON.replace(from, to), message);
  }

  @Test
  void knowsWhatBeginsAndEnds() {
    Tokenizer tokenizer = read(JSON);
    assertThat(tokenizer.beginToken()).hasValue(0);
    assertThat(tokenizer.endToken()).hasValue(1);
    assertThat(tokenizer.endOfTurnTokens()).containsExactlyInAnyOrder(1, 3);
  }

  @Test
  void rowsWithoutATokenHaveASpelling() {
    int size = VOCABULARY.tokens().size();
    Tokenizer tokenizer = SampleJson.read(directory, JSON, settings(size + 2));
    assertThat(tokenizer.vocabularySize()).isEqualTo(size + 2);
    assertThat(tokenizer.bytes(size + 1)).asString().isEqualTo("[PAD" + (size + 1) + "]");
  }

  @Test
  void mergesMayBePairs() {
    String merge = VOCABULARY.merges().getFirst();
    String pair = merge.replace(" ", "\",\"");
    String json = JSON.replace("[\"" + merge + "\"", "[[\"" + pair + "\"]");
    assertThat(json).isNotEqualTo(JSON);
    assertThat(read(json).encode("the then")).isEqualTo(read(JSON).encode("the then"));
  }

  @Test
  void refusesComponentsByName() {
    refusesWith("\"type\":\"BPE\"", "\"type\":\"Unigram\"", "model.type: \"Unigram\"");
    refusesWith("{1,3}", "{1,4}", "pre_tokenizer: ");
    refusesWith("\"normalizer\":null", "\"normalizer\":{\"type\":\"NFKC\"}", "normalizer: ");
    refusesWith("\"lstrip\":false", "\"lstrip\":true", "lstrip of");
    refusesWith("\"dropout\":null", "\"dropout\":0.1", "model.dropout");
    refusesWith(
        "\"end_of_word_suffix\":null", "\"end_of_word_suffix\":\"</w>\"", "end_of_word_suffix");
    refusesWith("\"ignore_merges\":true", "\"ignore_merges\":false", "model.ignore_merges");
    refusesPieces("\"pre_tokenizer\":null", "\"pre_tokenizer\":{\"type\":\"Digits\"}", "Digits");
    refusesPieces("\"normalizer\":{\"type\":\"Replace\"", "\"normalizer\":{\"type\":\"Z\"", "Z");
  }

  private void refusesPieces(String from, String to, String message) {
    assertThat(PIECES).contains(from);
    TokenizerJson.Settings settings =
        new TokenizerJson.Settings(Optional.empty(), Optional.empty(), Set.of(), 1_000);
    assertThatThrownBy(() -> SampleJson.read(directory, PIECES.replace(from, to), settings))
        .isInstanceOf(ModelFileException.class)
        .hasMessageContaining(message);
  }

  @Test
  void refusesDamagedFiles() {
    refuses("", "is not a JSON object");
    refuses("[]", "is not a JSON object");
    refuses("{}", "model is missing");
    refuses(JSON.substring(0, JSON.length() / 2), "is not JSON");
    refuses(JSON + "x", "is not JSON");
    refuses(JSON + "{}", "goes on after its end");
    refuses("{\"a\":1,\"a\":2}", "Duplicate field");
    refuses("{\"a\":" + "[".repeat(100) + "]".repeat(100) + "}", "nesting depth");
    refusesWith("\"vocab\":{", "\"vocab\":{\"zzz\":-1,", "token \"zzz\" has id -1");
    refusesWith("\"vocab\":{", "\"vocab\":{\"zzz\":99999,", "token \"zzz\" has id 99999");
    refusesWith("\"vocab\":{", "\"vocab\":{\"zzz\":\"1\",", "the id of \"zzz\"");
    refusesWith("\"merges\":[", "\"merges\":[7,", "entry 0 must be");
    refusesWith("\"merges\":[", "\"merges\":[[\"a\"],", "entry 0 must be");
    refusesWith("\"merges\":[", "\"merges\":[\"the xyz\",", "which is no token");
    refuses(JSON.replace("<|begin|>", "<|other|>"), "there is no token \"<|begin|>\"");
  }
}
