package io.parley.chat.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class SnippetTest {
  @Test
  void marksWhatWasLookedFor() {
    assertThat(marked("The borrow checker of Rust", "rust borrow"))
        .isEqualTo("The [borrow] checker of [Rust]");
    assertThat(marked("Crème brûlée", "creme")).isEqualTo("[Crème] brûlée");
    assertThat(marked("conversations", "conv")).isEqualTo("[conversations]");
  }

  @Test
  void showsTheStretchThatHasMost() {
    String text = "rust " + "filler ".repeat(100) + "rust and java here " + "filler ".repeat(100);
    assertThat(marked(text, "rust java")).startsWith("… ").contains("[rust] and [java] here");
    assertThat(marked(text, "rust java")).endsWith(" …");
  }

  @Test
  void showsTheBeginningWhereNothingIsFound() {
    assertThat(marked("one two", "three")).isEqualTo("one two");
  }

  @Property(tries = 300)
  void isPartOfTheTextWithoutHalfCharacters(
      @ForAll @StringLength(max = 600) String text, @ForAll @StringLength(max = 10) String query) {
    Snippet snippet = Snippet.of(text, Words.of(query, 5));
    String shown = snippet.pieces().stream().map(Snippet.Piece::text).collect(Collectors.joining());
    String core = shown.startsWith("… ") && !text.startsWith("… ") ? shown.substring(2) : shown;
    String kernel =
        core.endsWith(" …") && !text.contains(core) ? core.substring(0, core.length() - 2) : core;
    assertThat(text).contains(kernel);
  }

  private static String marked(String text, String query) {
    List<Word> wanted = Words.of(query, 10);
    return Snippet.of(text, wanted).pieces().stream()
        .map(piece -> piece.hit() ? "[" + piece.text() + "]" : piece.text())
        .collect(Collectors.joining());
  }
}
