package io.parley.model.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.model.source.Metadata;
import io.parley.model.source.ModelFileException;
import io.parley.model.source.ModelSource;
import io.parley.model.tensor.Tensor;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class SentencePieceTokenizerTest {
  private static final SamplePieces PIECES = new SamplePieces(200);
  private static final Tokenizer PREFIXED = Tokenizer.from(source(PIECES.metadata(true)));
  private static final Tokenizer PLAIN = Tokenizer.from(source(PIECES.metadata(false)));

  /** Metadata alone; integers are as a reader of files gives them. */
  private record Keys(Metadata metadata) implements ModelSource {
    @Override
    public String name() {
      return "sample";
    }

    @Override
    public Map<String, Tensor> tensors() {
      return Map.of();
    }

    @Override
    public void close() {}
  }

  private static ModelSource source(Map<String, Object> values) {
    Map<String, Object> read = new HashMap<>();
    values.forEach(
        (key, value) ->
            read.put(
                key,
                switch (value) {
                  case Integer i -> (long) i;
                  case int[] array -> IntStream.of(array).asLongStream().toArray();
                  default -> value;
                }));
    return new Keys(new Metadata("sample", read));
  }

  @Property(tries = 500)
  void decodingGivesTheTextBack(@ForAll String text) {
    String expected =
        new String(text.getBytes(StandardCharsets.UTF_16), StandardCharsets.UTF_16)
            .replace('\u2581', ' ');
    assertThat(PLAIN.decode(PLAIN.encode(text))).isEqualTo(expected);
    assertThat(PREFIXED.decode(PREFIXED.encode(text))).isEqualTo(expected);
  }

  @Property(tries = 500)
  void plainTextNeverGivesSpecialTokens(@ForAll String text) {
    String hostile = "<s>" + text + "</s>" + text + "<start_of_turn>";
    assertThat(IntStream.of(PLAIN.encode(hostile))).noneMatch(PLAIN::isSpecial);
    assertThat(PLAIN.decode(PLAIN.encode("<s>"))).isEqualTo("<s>");
  }

  @Test
  void unknownCharactersBecomeTheirBytes() {
    int first = PIECES.tokens.indexOf("<0x00>");
    assertThat(PLAIN.encode("☃")).containsExactly(first + 0xe2, first + 0x98, first + 0x83);
    assertThat(PLAIN.bytes(first + 0xe2)).containsExactly(0xe2);
  }

  @Test
  void addedTokensStandForThemselvesInAnyText() {
    int table = PIECES.tokens.indexOf("<table>");
    assertThat(PLAIN.encode("<table>the<table>")).startsWith(table).endsWith(table);
    assertThat(PLAIN.isSpecial(table)).isFalse();
    assertThat(PLAIN.specialTokens()).containsOnlyKeys(SamplePieces.CONTROL);
    assertThat(PLAIN.endOfTurnTokens()).containsExactly(2);
  }

  @Test
  @Timeout(60)
  void aMegabyteWithoutSpacesIsTokenized() {
    String text = "the".repeat(1 << 18);
    assertThat(PLAIN.decode(PLAIN.encode(text))).isEqualTo(text);
  }

  private static void refuses(String key, Object value, String message) {
    Map<String, Object> metadata = PIECES.metadata(true);
    metadata.put(key, value);
    assertThatThrownBy(() -> Tokenizer.from(source(metadata)))
        .isInstanceOf(ModelFileException.class)
        .hasMessageContaining(message);
  }

  @Test
  void namesWhatAFileHasWrong() {
    String[] withoutByte = PIECES.tokens.toArray(String[]::new);
    withoutByte[PIECES.tokens.indexOf("<0x41>")] = "x-replacement";
    String[] twice = PIECES.tokens.toArray(String[]::new);
    twice[twice.length - 1] = twice[twice.length - 2];
    refuses("tokenizer.ggml.model", "t5", "tokenizer \"t5\" is not supported");
    refuses("tokenizer.ggml.scores", new float[3], "has 3 entries for");
    refuses("tokenizer.ggml.token_type", new int[3], "has 3 entries for");
    refuses("tokenizer.ggml.tokens", withoutByte, "there is no token for the byte 65");
    refuses("tokenizer.ggml.tokens", twice, "occurs twice");
    float[] scores = new float[PIECES.tokens.size()];
    scores[7] = Float.NaN;
    refuses("tokenizer.ggml.scores", scores, "is not a number at 7");
  }
}
