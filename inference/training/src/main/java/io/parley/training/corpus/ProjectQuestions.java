package io.parley.training.corpus;

import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Questions about Parley and the terms of its field, each with a one-sentence answer. */
final class ProjectQuestions implements ConversationSource {
  private static final int CASES = 180;

  private final List<Intent> intents;

  ProjectQuestions() {
    List<Section> sections = Section.read("parley.txt");
    Section terms = Section.named(sections, "terms");
    Stream<Intent> explained =
        Stream.concat(
                terms.lines(Section.KNOWN).stream(),
                Section.named(sections, "words").lines(Section.KNOWN).stream())
            .map(line -> term(terms, line));
    Stream<Intent> asked =
        sections.stream()
            .filter(section -> !section.lines(Section.ANSWER).isEmpty())
            .map(Intent::of);
    intents = Stream.concat(explained, asked).toList();
  }

  /** A line {@code term, other name | sentence} with the general phrasings. */
  private static Intent term(Section terms, String line) {
    String[] cells = line.split("\\|", -1);
    List<String> names = List.of(cells[0].strip().split(", ", -1));
    return new Intent(
        Phrasings.of(terms)
            .flatMap(ask -> names.stream().map(name -> Template.fill(ask, "x", name))),
        cells[1].strip());
  }

  @Override
  public String category() {
    return "parley";
  }

  @Override
  public List<Message> training(RandomGenerator random) {
    Intent intent = Draw.one(random, intents);
    return ConversationSource.exchange(intent.asks().typed(random), intent.answer());
  }

  @Override
  public List<EvaluationCase> heldOut(RandomGenerator random) {
    return IntStream.range(0, CASES)
        .mapToObj(i -> intents.get(i % intents.size()))
        .map(
            intent ->
                EvaluationCase.single(
                    category(), Draw.one(random, intent.asks().heldOut()), intent.answer()))
        .distinct()
        .toList();
  }
}
