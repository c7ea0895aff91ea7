package io.parley.chat.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class WordsTest {
  @Test
  void cutsAtEverythingThatIsNoLetterOrDigit() {
    assertThat(folded("Rust's borrow-checker, foo_bar(42) at example.com!"))
        .containsExactly(
            "rust", "s", "borrow", "checker", "foo", "bar", "42", "at", "example", "com");
    assertThat(folded("  …  ")).isEmpty();
  }

  @Test
  void foldsCaseAccentsAndWidth() {
    assertThat(folded("Crème BRÛLÉE Straße ＡＢＣ ﬁne"))
        .containsExactly("creme", "brulee", "strasse", "abc", "fine");
    assertThat(folded("Cre\u0300me")).containsExactly("creme");
  }

  @Test
  void takesEachCharacterWhereNobodyWritesBlanks() {
    assertThat(folded("日本語 text")).containsExactly("日", "本", "語", "text");
  }

  @Test
  void knowsWhereEachWordStands() {
    String text = "a 😀 Crème";
    Word last = Words.of(text, 10).getLast();
    assertThat(text.substring(last.start(), last.end())).isEqualTo("Crème");
  }

  @Test
  void keepsTheBeginningOfWhatIsTooLongAndStopsInTime() {
    assertThat(folded("x".repeat(1_000))).containsExactly("x".repeat(Words.MAX_WORD_CHARS));
    assertThat(Words.of("a b c d", 2)).hasSize(2);
  }

  private static List<String> folded(String text) {
    return Words.of(text, 100).stream().map(Word::folded).toList();
  }
}
