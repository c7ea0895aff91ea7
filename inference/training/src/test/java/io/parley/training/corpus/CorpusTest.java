package io.parley.training.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class CorpusTest {
  private static final Map<String, Double> WEIGHTS =
      Map.of(
          "facts", 27.0,
          "unknown", 20.0,
          "arithmetic", 12.0,
          "memory", 16.0,
          "parley", 8.0,
          "text-tasks", 9.0,
          "small-talk", 5.0,
          "identity", 3.0);

  private static final Pattern SLOT = Pattern.compile("\\{\\w+\\}");

  private final Corpus corpus = new Corpus(7);

  @Test
  void aConversationIsAFunctionOfSeedAndPosition() {
    List<Conversation> forwards = LongStream.range(0, 500).mapToObj(corpus::training).toList();
    List<Conversation> again =
        LongStream.range(0, 500).parallel().mapToObj(new Corpus(7)::training).toList();
    assertThat(again).isEqualTo(forwards);
  }

  @Test
  void anotherSeedIsAnotherCorpus() {
    List<Conversation> one = LongStream.range(0, 50).mapToObj(corpus::training).toList();
    List<Conversation> other = LongStream.range(0, 50).mapToObj(new Corpus(8)::training).toList();
    assertThat(other).doesNotContainAnyElementsOf(one.subList(0, 5)).isNotEqualTo(one);
  }

  @Test
  void evaluationIsTheSameForEverySeed() {
    assertThat(new Corpus(8).heldOut()).isEqualTo(corpus.heldOut());
  }

  @Test
  void everyCategoryHasItsWeight() {
    int total = 50_000;
    Map<String, Long> counts =
        LongStream.range(0, total)
            .mapToObj(corpus::training)
            .collect(Collectors.groupingBy(Conversation::category, Collectors.counting()));
    assertThat(counts.keySet()).isEqualTo(WEIGHTS.keySet());
    WEIGHTS.forEach(
        (category, percent) ->
            assertThat(100.0 * counts.getOrDefault(category, 0L) / total)
                .as(category)
                .isCloseTo(percent, within(1.0)));
  }

  @Test
  void userAndAssistantTakeTurnsAndNobodyIsSilent() {
    LongStream.range(0, 2_000)
        .mapToObj(corpus::training)
        .forEach(
            conversation -> {
              List<Message> messages = conversation.messages();
              assertThat(messages.size()).isEven().isPositive();
              for (int i = 0; i < messages.size(); i++) {
                assertThat(messages.get(i).role())
                    .isEqualTo(i % 2 == 0 ? Role.USER : Role.ASSISTANT);
                assertThat(messages.get(i).text()).isNotBlank();
              }
            });
  }

  @Test
  void noSlotIsLeftEmpty() {
    assertThat(texts(Set.of(Role.values()))).noneMatch(text -> SLOT.matcher(text).find());
  }

  @Test
  void answersArePlainAscii() {
    assertThat(texts(Set.of(Role.ASSISTANT))).allMatch(text -> text.matches("[ -~]+"));
  }

  @Test
  void everyKindOfCaseIsThereInNumbers() {
    Map<String, Long> counts =
        corpus.heldOut().stream()
            .collect(Collectors.groupingBy(EvaluationCase::category, Collectors.counting()));
    assertThat(counts.keySet())
        .containsExactlyInAnyOrder(
            "small-talk",
            "identity",
            "facts-unseen-phrasing",
            "facts-unknown",
            "sums-unseen",
            "products",
            "text-tasks",
            "memory",
            "parley",
            "unknown-unseen");
    assertThat(counts.values()).allMatch(count -> count >= 70 && count <= 200);
  }

  @Test
  void remindersStandBeforeSomeQuestionsInAllLengths() {
    List<Integer> words =
        LongStream.range(0, 20_000)
            .mapToObj(corpus::training)
            .flatMap(conversation -> conversation.messages().stream())
            .filter(message -> message.text().startsWith("<system-reminder>\n"))
            .map(message -> message.text().split("\\s+", -1).length)
            .toList();
    assertThat(words.size() / 20_000.0).isCloseTo(0.04, within(0.01));
    assertThat(words).anyMatch(count -> count < 40).anyMatch(count -> count > 200);
    assertThat(words).allMatch(count -> count >= 20 && count < 320);
  }

  private Set<String> texts(Set<Role> roles) {
    return LongStream.range(0, 20_000)
        .mapToObj(corpus::training)
        .flatMap(conversation -> conversation.messages().stream())
        .filter(message -> roles.contains(message.role()))
        .map(Message::text)
        .collect(Collectors.toSet());
  }
}
