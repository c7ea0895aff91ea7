package io.parley.training.corpus;

import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Questions about Parley and the terms of its field, each with a one-sentence answer. */
final class ProjectQuestions implements ConversationSource {
  private record Entry(List<String> asks, List<String> heldOutAsks, String answer) {}

  private static final int CASES = 180;

  private final List<Entry> entries;

  ProjectQuestions() {
    List<Section> sections = Section.read("parley.txt");
    Section terms = Section.named(sections, "terms");
    Stream<Entry> explained =
        Stream.concat(
                terms.lines(Section.KNOWN).stream(),
                Section.named(sections, "words").lines(Section.KNOWN).stream())
            .map(line -> term(terms, line));
    Stream<Entry> asked =
        sections.stream()
            .filter(section -> !section.lines(Section.ANSWER).isEmpty())
            .map(ProjectQuestions::entry);
    entries = Stream.concat(explained, asked).toList();
  }

  private static Entry entry(Section section) {
    return new Entry(
        Template.expand(section.lines(Section.ASK)),
        Template.expand(section.lines(Section.ASK_HELD_OUT)),
        section.line(Section.ANSWER));
  }

  /** A line {@code term, other name | sentence} with the general phrasings. */
  private static Entry term(Section terms, String line) {
    String[] cells = line.split("\\|", -1);
    List<String> names = List.of(cells[0].strip().split(", ", -1));
    return new Entry(
        named(Template.expand(terms.lines(Section.ASK)), names),
        named(Template.expand(terms.lines(Section.ASK_HELD_OUT)), names),
        cells[1].strip());
  }

  private static List<String> named(List<String> asks, List<String> names) {
    return asks.stream()
        .flatMap(ask -> names.stream().map(name -> Template.fill(ask, "x", name)))
        .toList();
  }

  @Override
  public String category() {
    return "parley";
  }

  @Override
  public List<Message> training(RandomGenerator random) {
    Entry entry = Draw.one(random, entries);
    String ask = UserText.vary(random, Draw.one(random, entry.asks));
    return ConversationSource.exchange(ask, entry.answer);
  }

  @Override
  public List<EvaluationCase> heldOut(RandomGenerator random) {
    return IntStream.range(0, CASES)
        .mapToObj(i -> entries.get(i % entries.size()))
        .map(
            entry ->
                EvaluationCase.single(
                    category(), Draw.one(random, entry.heldOutAsks), entry.answer))
        .distinct()
        .toList();
  }
}
