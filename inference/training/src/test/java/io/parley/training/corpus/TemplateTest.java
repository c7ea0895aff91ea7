package io.parley.training.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TemplateTest {
  @Test
  void choicesExpandAlsoWhereTheyNest() {
    assertThat(Template.expand(List.of("(a|b (c|d)) e")))
        .containsExactlyInAnyOrder("a e", "b c e", "b d e");
  }

  @Test
  void anEmptyChoiceLeavesNoGap() {
    assertThat(Template.expand(List.of("what is (the|) x (now|)?")))
        .containsExactlyInAnyOrder(
            "what is the x now?", "what is the x?", "what is x now?", "what is x?");
  }

  @Test
  void aChosenPhrasingIsOneOfTheExpanded() {
    String template = "(Hi|Hey|Hello) (you|there|)(!|.|)";
    SplittableRandom random = new SplittableRandom(1);
    List<String> all = Template.expand(List.of(template));
    for (int i = 0; i < 200; i++) {
      assertThat(all).contains(Template.choose(template, random));
    }
  }

  @Test
  void plainParenthesesStay() {
    assertThat(Template.expand(List.of("main(args) (a|b)")))
        .containsExactly("main(args) a", "main(args) b");
  }

  @Test
  void slotsAreFilledAndCapitalised() {
    assertThat(Template.fill("{X} says {y}", Map.of("x", "a cow", "y", "$1")))
        .isEqualTo("A cow says $1");
  }

  @Test
  void aSlotWithoutValueIsRefused() {
    assertThatThrownBy(() -> Template.fill("{z}", Map.of("x", "a")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("{z}");
  }

  @Test
  void variedTextKeepsItsSlots() {
    SplittableRandom random = new SplittableRandom(2);
    for (int i = 0; i < 2_000; i++) {
      String varied = UserText.vary(random, "Which {letters} are written between {x} and {y}?");
      assertThat(varied).contains("{letters}", "{x}", "{y}");
    }
  }
}
