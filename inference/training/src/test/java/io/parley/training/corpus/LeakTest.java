package io.parley.training.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Reads a large part of the training corpus and looks for what must not be in it. */
class LeakTest {
  private static final int CONVERSATIONS = 200_000;
  private static final String REMINDER_END = "</system-reminder>\n\n";
  private static final Pattern NOT_ASKED = Pattern.compile("[^a-z0-9+*/<>-]+");

  private static List<Conversation> training = List.of();
  private static Set<String> questions = Set.of();

  @BeforeAll
  static void read() {
    Corpus corpus = new Corpus(3);
    training = LongStream.range(0, CONVERSATIONS).mapToObj(corpus::training).toList();
    questions = new HashSet<>();
    for (Conversation conversation : training) {
      texts(conversation, Role.USER).forEach(text -> questions.addAll(bare(text)));
    }
  }

  @Test
  void noQuestionOfTheEvaluationIsTrained() {
    // What is told and asked in memory is told by the conversation before it, not by its last line.
    List<String> held =
        new Corpus(3)
            .heldOut().stream()
                .filter(one -> !one.category().equals("memory"))
                .map(one -> normal(one.prompt().getLast().text()))
                .filter(questions::contains)
                .toList();
    assertThat(held).isEmpty();
  }

  @Test
  void noHeldOutPhrasingIsTrainedForAnyFact() {
    assertNotTrained(
        new Facts()
            .relations().stream()
                .flatMap(
                    relation ->
                        filled(
                            relation.asks().heldOut(), all(relation.facts(), relation.unknown()))));
  }

  @Test
  void noHeldOutThingIsTrainedInItsRelation() {
    assertNotTrained(
        new Facts()
            .relations().stream()
                .flatMap(
                    relation ->
                        filled(
                            all(relation.asks().trained(), relation.asks().heldOut()),
                            relation.heldOut())));
  }

  @Test
  void noHeldOutPhrasingOfAnIntentOrOfTheProjectIsTrained() {
    assertNotTrained(
        Stream.of("small-talk.txt", "identity.txt", "parley.txt")
            .flatMap(file -> Section.read(file).stream())
            .flatMap(section -> Template.expand(section.lines(Section.ASK_HELD_OUT)).stream()));
  }

  @Test
  void noHeldOutPairIsEverAddedOrSubtracted() {
    Pattern result = Pattern.compile("So (\\d+) [+-] (\\d+) = ");
    int seen = 0;
    for (Conversation conversation : training) {
      for (String text : texts(conversation, Role.ASSISTANT)) {
        Matcher pair = result.matcher(text);
        if (pair.find()) {
          seen++;
          int a = Integer.parseInt(pair.group(1));
          int b = Integer.parseInt(pair.group(2));
          assertThat(new Arithmetic.Task(Arithmetic.Operation.SUM, a, b).heldOut()).isFalse();
        }
      }
    }
    assertThat(seen).isGreaterThan(CONVERSATIONS / 20);
  }

  @Test
  void noHeldOutNameIsEverGreeted() {
    Set<String> names =
        Set.copyOf(Section.read("first-names.txt").getFirst().entries(Section.HELD_OUT));
    Pattern greeting = Pattern.compile("Nice to meet you, (.+)!");
    Set<String> greeted =
        training.stream()
            .flatMap(conversation -> texts(conversation, Role.ASSISTANT).stream())
            .map(greeting::matcher)
            .filter(Matcher::matches)
            .map(match -> match.group(1))
            .collect(Collectors.toSet());
    Set<String> trained =
        Set.copyOf(Section.read("first-names.txt").getFirst().entries(Section.KNOWN));
    assertThat(greeted).hasSizeGreaterThan(4_000).doesNotContainAnyElementsOf(names);
    assertThat(greeted.stream().filter(name -> !trained.contains(name)))
        .noneMatch(InventedNames::isHeldOut);
  }

  @Test
  void noHeldOutWordIsATextTask() {
    Section words = Section.named(Section.read("text-tasks.txt"), "words");
    Set<String> heldOut = Set.copyOf(words.entries(Section.HELD_OUT));
    assertThat(heldOut).doesNotContainAnyElementsOf(words.entries(Section.KNOWN));
    Set<String> asked =
        training.stream()
            .filter(conversation -> conversation.category().equals("text-tasks"))
            .flatMap(
                conversation -> bare(conversation.messages().reversed().get(1).text()).stream())
            .flatMap(text -> Stream.of(text.split(" ", -1)))
            .collect(Collectors.toSet());
    assertThat(asked.stream().filter(heldOut::contains)).isEmpty();
  }

  @Test
  void noTwoAnswersAreTrainedForOneQuestion() {
    Map<String, Set<String>> answers =
        training.stream()
            .filter(conversation -> conversation.messages().size() == 2)
            .collect(
                Collectors.groupingBy(
                    conversation -> conversation.messages().getFirst().text().strip(),
                    Collectors.mapping(
                        conversation -> conversation.messages().getLast().text(),
                        Collectors.toSet())));
    assertThat(answers.entrySet().stream().filter(entry -> entry.getValue().size() > 1)).isEmpty();
  }

  private static Stream<String> filled(List<String> asks, List<Map<String, String>> things) {
    return asks.stream().flatMap(ask -> things.stream().map(slots -> Template.fill(ask, slots)));
  }

  private static void assertNotTrained(Stream<String> heldOut) {
    List<String> asked = heldOut.map(LeakTest::normal).toList();
    assertThat(asked).isNotEmpty();
    // A set is asked here because AssertJ would search it from end to end for every element.
    assertThat(asked.stream().filter(questions::contains)).isEmpty();
  }

  /** The question as it was typed, and without the words that {@link UserText} may have put on. */
  private static Collection<String> bare(String text) {
    int reminder = text.indexOf(REMINDER_END);
    String typed = normal(reminder < 0 ? text : text.substring(reminder + REMINDER_END.length()));
    List<String> found = new ArrayList<>(List.of(typed));
    for (String opening : UserText.OPENINGS) {
      String words = normal(opening) + " ";
      if (typed.startsWith(words)) {
        found.add(typed.substring(words.length()));
      }
    }
    for (String one : List.copyOf(found)) {
      for (String closing : UserText.CLOSINGS) {
        String words = " " + normal(closing);
        if (words.length() > 1 && one.endsWith(words)) {
          found.add(one.substring(0, one.length() - words.length()));
        }
      }
    }
    return found;
  }

  private static String normal(String text) {
    return NOT_ASKED.matcher(text.toLowerCase(Locale.ROOT)).replaceAll(" ").strip();
  }

  private static List<String> texts(Conversation conversation, Role role) {
    return conversation.messages().stream()
        .filter(message -> message.role() == role)
        .map(Message::text)
        .toList();
  }

  private static <T> List<T> all(List<T> some, List<T> others) {
    return Stream.concat(some.stream(), others.stream()).toList();
  }
}
