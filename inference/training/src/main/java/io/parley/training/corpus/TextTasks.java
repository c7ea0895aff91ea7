package io.parley.training.corpus;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Small tasks on the letters and words of a text: copy, spell, reverse, case, count. */
final class TextTasks implements ConversationSource {
  /** A task with a slot {@code x} for its text. */
  private record Task(String name, Intent intent) {}

  private static final int CASES = 160;

  private final List<Task> tasks;
  private final List<String> words;
  private final List<String> heldOutWords;

  TextTasks() {
    List<Section> sections = Section.read("text-tasks.txt");
    Section dictionary = Section.named(sections, "words");
    words = dictionary.entries(Section.KNOWN);
    heldOutWords = dictionary.entries(Section.HELD_OUT);
    tasks =
        sections.stream()
            .filter(section -> !section.equals(dictionary))
            .map(section -> new Task(section.name(), Intent.of(section)))
            .toList();
  }

  @Override
  public String category() {
    return "text-tasks";
  }

  @Override
  public List<Message> training(RandomGenerator random) {
    Task task = Draw.one(random, tasks);
    String text = text(random, task, words);
    String ask = task.intent.asks().typed(random);
    return ConversationSource.exchange(Template.fill(ask, "x", text), answer(task, text));
  }

  @Override
  public List<EvaluationCase> heldOut(RandomGenerator random) {
    return IntStream.range(0, CASES)
        .mapToObj(i -> heldOut(random, tasks.get(i % tasks.size())))
        .distinct()
        .toList();
  }

  private EvaluationCase heldOut(RandomGenerator random, Task task) {
    String text = text(random, task, heldOutWords);
    Intent intent = task.intent;
    Phrasings phrasings = intent.asks();
    List<String> asks = Draw.chance(random, 0.5) ? phrasings.trained() : phrasings.heldOut();
    String ask = Template.fill(Draw.one(random, asks), "x", text);
    return EvaluationCase.single(category(), ask, answer(task, text));
  }

  private static String text(RandomGenerator random, Task task, List<String> words) {
    return switch (task.name) {
      case "count-words" -> phrase(random, words, 2, 6);
      case "repeat" -> varyCase(random, phrase(random, words, 1, 3));
      case "upper" -> phrase(random, words, 1, 2);
      case "lower" -> phrase(random, words, 1, 2).toUpperCase(Locale.ROOT);
      default -> word(random, words);
    };
  }

  private static String phrase(RandomGenerator random, List<String> words, int min, int max) {
    return IntStream.range(0, random.nextInt(min, max + 1))
        .mapToObj(i -> word(random, words))
        .collect(Collectors.joining(" "));
  }

  private static String varyCase(RandomGenerator random, String text) {
    return Draw.chance(random, 0.3) ? Template.capitalised(text) : text;
  }

  /** Mostly a word of the dictionary; a third are random letters, so that letters are looked at. */
  private static String word(RandomGenerator random, List<String> words) {
    if (Draw.chance(random, 0.67)) {
      return Draw.one(random, words);
    }
    return random
        .ints(random.nextInt(3, 7), 'a', 'z' + 1)
        .mapToObj(letter -> String.valueOf((char) letter))
        .collect(Collectors.joining());
  }

  private static String answer(Task task, String text) {
    return Template.fill(
        task.intent.answer(),
        Map.of(
            "x", text,
            "letters", letters(text),
            "reversed", letters(new StringBuilder(text).reverse().toString()),
            "upper", text.toUpperCase(Locale.ROOT),
            "lower", text.toLowerCase(Locale.ROOT),
            "length", "" + text.length(),
            "count", "" + text.split(" ", -1).length,
            "first", text.substring(0, 1),
            "last", text.substring(text.length() - 1)));
  }

  private static String letters(String text) {
    return String.join("-", text.split("", 0));
  }
}
