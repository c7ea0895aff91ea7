package io.parley.training.corpus;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Everything else, always refused. Templates with slots, and lists of words for the slots, make
 * millions of different texts; whole templates and whole words are held out.
 */
final class Unknown implements ConversationSource {
  private static final int CASES = 200;

  private final List<String> templates;
  private final List<String> heldOutTemplates;
  private final Map<String, List<String>> words;
  private final Map<String, List<String>> heldOutWords;
  private final InventedNames names = new InventedNames(Set.of());

  Unknown() {
    List<Section> sections = Section.read("unknown.txt");
    templates = templates(sections, Section.ASK);
    heldOutTemplates = templates(sections, Section.ASK_HELD_OUT);
    words = words(sections, Section.KNOWN);
    heldOutWords = words(sections, Section.HELD_OUT);
  }

  private static List<String> templates(List<Section> sections, char mark) {
    return sections.stream().flatMap(section -> section.lines(mark).stream()).toList();
  }

  private static Map<String, List<String>> words(List<Section> sections, char mark) {
    return sections.stream()
        .filter(section -> !section.entries(mark).isEmpty())
        .collect(Collectors.toUnmodifiableMap(Section::name, section -> section.entries(mark)));
  }

  @Override
  public String category() {
    return "unknown";
  }

  @Override
  public List<Message> training(RandomGenerator random) {
    String text = UserText.vary(random, Template.choose(Draw.one(random, templates), random));
    return ConversationSource.exchange(filled(random, text, true), REFUSAL);
  }

  @Override
  public List<EvaluationCase> heldOut(RandomGenerator random) {
    Stream<String> newTemplates =
        IntStream.range(0, CASES / 2)
            .mapToObj(i -> Template.choose(Draw.one(random, heldOutTemplates), random));
    Stream<String> newWords =
        Stream.generate(() -> Template.choose(Draw.one(random, templates), random))
            .filter(text -> Template.slots(text).stream().anyMatch(heldOutWords::containsKey))
            .limit(CASES / 2);
    return Stream.concat(newTemplates, newWords)
        .map(text -> filled(random, text, false))
        .distinct()
        .map(text -> EvaluationCase.single("unknown-unseen", text, REFUSAL))
        .toList();
  }

  private String filled(RandomGenerator random, String text, boolean training) {
    return Template.fill(text, slot -> value(random, slot, training));
  }

  private String value(RandomGenerator random, String slot, boolean training) {
    return switch (slot) {
      case "n" -> "" + random.nextInt(2, 100);
      case "big" -> "" + random.nextInt(100, 1_000_000);
      case "year" -> "" + random.nextInt(1000, 2030);
      case "gibberish" -> gibberish(random);
      case "invented" -> invented(random, InventedNames.Kind.WORD, training);
      case "person" -> invented(random, InventedNames.Kind.PERSON, training);
      case "place" -> invented(random, InventedNames.Kind.PLACE, training);
      default -> word(random, slot, training);
    };
  }

  /** A word from the list of the slot; a list without held-out words serves both sides. */
  private String word(RandomGenerator random, String slot, boolean training) {
    List<String> trained = words.getOrDefault(slot, List.of());
    List<String> list = training ? trained : heldOutWords.getOrDefault(slot, trained);
    if (list.isEmpty()) {
      throw new IllegalStateException("no list of words for {" + slot + "}");
    }
    return Draw.one(random, list);
  }

  private String invented(RandomGenerator random, InventedNames.Kind kind, boolean training) {
    return training ? names.training(random, kind) : names.heldOut(random, kind);
  }

  private static String gibberish(RandomGenerator random) {
    return IntStream.range(0, random.nextInt(1, 5))
        .mapToObj(
            i ->
                random
                    .ints(random.nextInt(3, 10), 'a', 'z' + 1)
                    .mapToObj(letter -> String.valueOf((char) letter))
                    .collect(Collectors.joining()))
        .collect(Collectors.joining(" "));
  }
}
