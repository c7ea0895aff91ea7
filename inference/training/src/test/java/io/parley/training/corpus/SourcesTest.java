package io.parley.training.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the readable files promise. */
class SourcesTest {
  private static final int FEWEST_PHRASINGS = 20;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "facts.txt",
        "small-talk.txt",
        "identity.txt",
        "parley.txt",
        "arithmetic.txt",
        "memory.txt",
        "text-tasks.txt"
      })
  void everythingIsAskedInTwentyWaysAndSomeMoreThatAreHeldOut(String file) {
    for (Section section : Section.read(file)) {
      List<String> asks = Template.expand(section.lines(Section.ASK));
      List<String> heldOut = Template.expand(section.lines(Section.ASK_HELD_OUT));
      if (!asks.isEmpty() || !heldOut.isEmpty()) {
        assertThat(asks).as(section.name()).hasSizeGreaterThanOrEqualTo(FEWEST_PHRASINGS);
        assertThat(heldOut).as(section.name()).hasSizeGreaterThanOrEqualTo(2);
        assertThat(heldOut).as(section.name()).doesNotContainAnyElementsOf(asks);
      }
    }
  }

  @Test
  void thereAreMoreThanFiveHundredFactsAndNoneTwice() {
    int facts = 0;
    for (Relation relation : new Facts().relations()) {
      Set<String> questions =
          relation.facts().stream().map(SourcesTest::asked).collect(Collectors.toSet());
      assertThat(questions).as(relation.name()).hasSameSizeAs(relation.facts());
      facts += relation.facts().size();
    }
    assertThat(facts).isGreaterThan(500);
  }

  @Test
  void nothingIsBothKnownAndUnknown() {
    for (Relation relation : new Facts().relations()) {
      List<String> things =
          Stream.of(relation.facts(), relation.unknown(), relation.heldOut())
              .flatMap(List::stream)
              .map(SourcesTest::asked)
              .toList();
      assertThat(things).as(relation.name()).doesNotHaveDuplicates();
    }
  }

  @Test
  void everyFactIsAnsweredWithItsValue() {
    for (Relation relation : new Facts().relations()) {
      for (Map<String, String> slots : relation.facts()) {
        String answer = Template.fill(relation.answer(), slots);
        assertThat(answer).contains(slots.getOrDefault("z", slots.getOrDefault("y", "?")));
        assertThat(answer).endsWith(".");
      }
    }
  }

  @Test
  void theHeldOutWordsOfTheUnknownAreNotTrained() {
    for (Section section : Section.read("unknown.txt")) {
      assertThat(section.entries(Section.HELD_OUT))
          .as(section.name())
          .noneMatch(section.entries(Section.KNOWN)::contains);
    }
  }

  @Test
  void theUnknownCanBeAskedInHundredsOfThousandsOfWays() {
    List<Section> sections = Section.read("unknown.txt");
    Map<String, Integer> words =
        sections.stream()
            .collect(
                Collectors.toMap(Section::name, section -> section.entries(Section.KNOWN).size()));
    long ways =
        sections.stream()
            .flatMap(section -> Template.expand(section.lines(Section.ASK)).stream())
            .mapToLong(
                ask ->
                    Template.slots(ask).stream()
                        .mapToLong(slot -> Math.max(1, words.getOrDefault(slot, 1)))
                        .reduce(1, Math::multiplyExact))
            .sum();
    assertThat(ways).isGreaterThan(500_000);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SUM | 47 | 38 | 40 + 30 = 70, 7 + 8 = 15, 70 + 15 = 85. So 47 + 38 = 85.",
        "SUM | 5 | 62 | 0 + 60 = 60, 5 + 2 = 7, 60 + 7 = 67. So 5 + 62 = 67.",
        "SUM | 3 | 4 | 3 + 4 = 7.",
        "DIFFERENCE | 85 | 38 | 80 - 30 = 50, 5 - 8 = -3, 50 - 3 = 47. So 85 - 38 = 47.",
        "DIFFERENCE | 88 | 35 | 80 - 30 = 50, 8 - 5 = 3, 50 + 3 = 53. So 88 - 35 = 53.",
        "DIFFERENCE | 9 | 9 | 9 - 9 = 0.",
        "PRODUCT | 7 | 8 | 7 * 8 = 56."
      })
  void arithmeticShowsItsWork(Arithmetic.Operation operation, int a, int b, String answer) {
    assertThat(new Arithmetic.Task(operation, a, b).answer()).isEqualTo(answer);
  }

  @Test
  void aQuarterOfTheTwoDigitPairsIsHeldOut() {
    int heldOut = 0;
    for (int a = 10; a < 100; a++) {
      for (int b = 10; b < 100; b++) {
        var task = new Arithmetic.Task(Arithmetic.Operation.SUM, a, b);
        var swapped = new Arithmetic.Task(Arithmetic.Operation.SUM, b, a);
        assertThat(task.heldOut()).isEqualTo(swapped.heldOut());
        heldOut += task.heldOut() ? 1 : 0;
      }
    }
    assertThat(heldOut / 8100.0).isBetween(0.22, 0.28);
  }

  private static String asked(Map<String, String> slots) {
    // Only amounts are asked by two slots; in other relations y is the answer.
    boolean two = slots.containsKey("z") || slots.getOrDefault("x", "").endsWith("s");
    return two ? slots.get("x") + " in " + slots.get("y") : slots.getOrDefault("x", "");
  }
}
