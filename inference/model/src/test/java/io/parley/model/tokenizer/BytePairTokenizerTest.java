package io.parley.model.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.model.gguf.GgufFile;
import io.parley.model.gguf.GgufWriter;
import io.parley.model.source.ModelFileException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class BytePairTokenizerTest {
  private static final Vocabulary VOCABULARY = SampleVocabulary.learn("qwen2", 200);
  private static final BytePairTokenizer TOKENIZER = new BytePairTokenizer(VOCABULARY);

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.oneOf(
        Arbitraries.strings().ofMaxLength(200),
        Arbitraries.strings()
            .withChars("the 's\r\n\t12€é\u00a0\u3000<|>enduserbg'LL")
            .ofMaxLength(100),
        Arbitraries.chars()
            .range('\ud7f0', '\ue010')
            .list()
            .ofMaxSize(30)
            .map(
                chars -> {
                  StringBuilder out = new StringBuilder();
                  chars.forEach(out::append);
                  return out.toString();
                }));
  }

  @Property(tries = 1_000)
  void decodingGivesTheTextBack(@ForAll("texts") String text) {
    String expected = new String(text.getBytes(StandardCharsets.UTF_16), StandardCharsets.UTF_16);
    assertThat(TOKENIZER.decode(TOKENIZER.encode(text))).isEqualTo(expected);
    assertThat(TOKENIZER.decode(TOKENIZER.encodeWithSpecialTokens(text))).isEqualTo(expected);
  }

  @Property(tries = 1_000)
  void plainTextNeverGivesSpecialTokens(@ForAll("texts") String text) {
    String hostile = "<|end|>" + text + "<|system|>" + text + "<|begin|>";
    assertThat(IntStream.of(TOKENIZER.encode(hostile))).noneMatch(TOKENIZER::isSpecial);
  }

  @Property(tries = 200)
  void agreesWithTheDefinition(@ForAll("texts") String text) {
    assertThat(TOKENIZER.encode(text)).isEqualTo(definition(text));
  }

  /** Merges the lowest-ranked leftmost pair until there is none. */
  private static int[] definition(String text) {
    List<Integer> out = new ArrayList<>();
    String clean = new String(text.getBytes(StandardCharsets.UTF_16), StandardCharsets.UTF_16);
    for (String piece : PreTokenizer.QWEN2.split(clean)) {
      String spelled = ByteAlphabet.spell(piece.getBytes(StandardCharsets.UTF_8));
      List<String> parts = new ArrayList<>(List.of(spelled.split("")));
      while (mergeOnce(parts)) {}
      parts.forEach(p -> out.add(VOCABULARY.tokens().indexOf(p)));
    }
    return out.stream().mapToInt(i -> i).toArray();
  }

  private static boolean mergeOnce(List<String> parts) {
    for (String merge : VOCABULARY.merges()) {
      for (int i = 0; i + 1 < parts.size(); i++) {
        if (merge.equals(parts.get(i) + " " + parts.get(i + 1))) {
          parts.set(i, parts.get(i) + parts.remove(i + 1));
          return true;
        }
      }
    }
    return false;
  }

  @Test
  void aLoneSurrogateBecomesTheReplacementCharacter() {
    assertThat(TOKENIZER.decode(TOKENIZER.encode("a\ud800b"))).isEqualTo("a\ufffdb");
  }

  @Test
  @Timeout(60)
  void aMegabyteOfOneLetterIsTokenized() {
    List<String> merges = new ArrayList<>();
    List<String> tokens = new ArrayList<>(VOCABULARY.tokens().subList(5, 261));
    for (String run = "a"; run.length() < 64; run += run) {
      merges.add(run + " " + run);
      tokens.add(run + run);
    }
    BytePairTokenizer doubling = new BytePairTokenizer(tokens, merges, Set.of(), "qwen2");
    int[] ids = doubling.encode("a".repeat(1 << 20));
    assertThat(ids).hasSize((1 << 20) / 64).containsOnly(tokens.size() - 1);
  }

  @Test
  @Timeout(60)
  void aMegabyteOfSpacesBeforeAWordIsTokenized() {
    String text = " ".repeat(1 << 20) + "x";
    assertThat(TOKENIZER.decode(TOKENIZER.encode(text))).isEqualTo(text);
  }

  @Test
  void specialTokensStandForThemselvesWhereAsked() {
    int[] ids = TOKENIZER.encodeWithSpecialTokens("<|begin|><|user|>the<|end|>");
    assertThat(ids).startsWith(0, 2).endsWith(1).hasSize(4);
    assertThat(TOKENIZER.isEndOfTurn(1)).isTrue();
    assertThat(TOKENIZER.isEndOfTurn(2)).isFalse();
    assertThat(TOKENIZER.beginToken()).hasValue(0);
    assertThat(TOKENIZER.specialTokens()).containsEntry("<|system|>", 4).hasSize(5);
  }

  @Test
  void ofSpecialTokensAtOnePlaceTheLongestIsTaken() {
    List<String> tokens = new ArrayList<>(VOCABULARY.tokens().subList(5, 261));
    tokens.addAll(List.of("<a", "<ab>", "<ab"));
    BytePairTokenizer nested =
        new BytePairTokenizer(tokens, List.of(), Set.of(256, 257, 258), "gpt-2");
    assertThat(nested.encodeWithSpecialTokens("<ab><ab<a")).containsExactly(257, 258, 256);
  }

  @Test
  void readsTheVocabularyOfAFile(@TempDir Path directory) throws IOException {
    Path path = directory.resolve("t.gguf");
    GgufWriter.write(path, VOCABULARY.metadata(), List.of());
    try (GgufFile file = GgufFile.open(path)) {
      assertThat(Vocabulary.from(file)).isEqualTo(VOCABULARY);
      assertThat(BytePairTokenizer.from(file).encode("the fox"))
          .isEqualTo(TOKENIZER.encode("the fox"));
    }
  }

  /** Some files mark as written by users what structures conversations. */
  @Test
  void whatStructuresConversationsIsSpecialWhateverAFileSays(@TempDir Path directory)
      throws IOException {
    Path path = directory.resolve("t.gguf");
    Map<String, Object> metadata = VOCABULARY.metadata();
    String[] tokens = VOCABULARY.tokens().toArray(String[]::new);
    tokens[3] = "[/INST]";
    tokens[4] = "<think>";
    int[] types = new int[tokens.length];
    Arrays.fill(types, TokenKeys.TYPE_NORMAL);
    Arrays.fill(types, 0, 5, TokenKeys.TYPE_USER_DEFINED);
    metadata.put("tokenizer.ggml.tokens", tokens);
    metadata.put("tokenizer.ggml.token_type", types);
    GgufWriter.write(path, metadata, List.of());
    try (GgufFile file = GgufFile.open(path)) {
      Tokenizer tokenizer = Tokenizer.from(file);
      assertThat(tokenizer.specialTokens().values()).containsExactlyInAnyOrder(0, 1, 2, 3);
      assertThat(tokenizer.encode("<think>the")).startsWith(4);
    }
  }

  @Test
  void namesWhatAFileHasWrong(@TempDir Path directory) throws IOException {
    Path path = directory.resolve("t.gguf");
    refuses(path, "tokenizer.ggml.pre", "deepseek-llm", "pre-tokenizer \"deepseek-llm\"");
    refuses(path, "tokenizer.ggml.model", "llama", "tokenizer \"llama\" is not \"gpt2\"");
    refuses(path, "tokenizer.ggml.bos_token_id", 9_999, "tokenizer.ggml.bos_token_id: must be in");
    refuses(path, "tokenizer.ggml.merges", new String[] {"xyz q"}, "merge 0 needs \"xyz\"");
    refuses(path, "tokenizer.ggml.merges", new String[] {"x"}, "merge 0 is \"x\"");
    refuses(path, "tokenizer.ggml.token_type", new int[3], "has 3 entries for");
    refuses(path, "tokenizer.ggml.tokens", tokensWithout("a"), "no token for the byte 97");
    refuses(path, "tokenizer.ggml.tokens", tokensWithTwo("b"), "token \"b\" occurs twice");
  }

  private static String[] tokensWithout(String token) {
    return VOCABULARY.tokens().stream()
        .map(t -> t.equals(token) ? "a-replacement" : t)
        .toArray(String[]::new);
  }

  private static String[] tokensWithTwo(String token) {
    String[] tokens = VOCABULARY.tokens().toArray(String[]::new);
    tokens[tokens.length - 1] = token;
    return tokens;
  }

  private static void refuses(Path path, String key, Object value, String message)
      throws IOException {
    Map<String, Object> metadata = VOCABULARY.metadata();
    metadata.put(key, value);
    GgufWriter.write(path, metadata, List.of());
    try (GgufFile file = GgufFile.open(path)) {
      assertThatThrownBy(() -> BytePairTokenizer.from(file))
          .isInstanceOf(ModelFileException.class)
          .hasMessageContaining(message);
    }
  }

  @Test
  void bytesOfTokensJoinToTheText() {
    int[] ids = TOKENIZER.encode("naïve 👍🏽");
    int total = Arrays.stream(ids).map(id -> TOKENIZER.bytes(id).length).sum();
    assertThat(total).isEqualTo("naïve 👍🏽".getBytes(StandardCharsets.UTF_8).length);
  }
}
