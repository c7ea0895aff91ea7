package io.parley.chat.answers;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.chat.conversations.TokenUsage;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextPieceTest {
  @Property(tries = 100)
  void isReadBackAsItWasWritten(
      @ForAll("text") String text, @ForAll @LongRange(min = 0) long in, @ForAll long out) {
    TextPiece piece = new TextPiece(text, new TokenUsage(in, out));
    assertThat(TextPiece.decode(piece.encode())).isEqualTo(piece);
  }

  @Provide
  Arbitrary<String> text() {
    return Arbitraries.of("", "a", "Wäre ß", "𝛑 = 3", "\u0000\u007F", "two\nlines");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "one two three four five", "ÿÿÿÿÿÿÿÿÿÿÿÿ", "𝛑𝛑𝛑𝛑𝛑𝛑"})
  void aPieceOfAnEarlierVersionIsItsText(String text) {
    assertThat(TextPiece.decode(text.getBytes(StandardCharsets.UTF_8)))
        .isEqualTo(new TextPiece(text, TokenUsage.NONE));
  }
}
