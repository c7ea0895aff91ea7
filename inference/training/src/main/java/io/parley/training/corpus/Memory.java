package io.parley.training.corpus;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What the user said about themselves, asked for later in the conversation. Most values are names
 * that the model has never seen, so that it learns to copy and not to guess.
 */
final class Memory implements ConversationSource {
  /** Something that users tell: their name, their pet's name. */
  private record Topic(
      String name, Intent tell, Intent correct, Intent ask, String missing, List<String> values) {}

  private static final int CASES = 150;

  /** Fewer than users have: a name known by heart needs no copying. */
  private static final double REAL_NAMES_IN_TRAINING = 0.3;

  private static final List<String> TOPICS =
      List.of("name", "colour", "number", "pet", "city", "food");

  private final List<Topic> topics;
  private final List<String> firstNames;
  private final List<String> heldOutNames;
  private final InventedNames invented;
  private final List<ConversationSource> between;

  /**
   * @param between makes the unrelated exchanges between telling and asking
   */
  Memory(List<ConversationSource> between) {
    this.between = List.copyOf(between);
    List<Section> sections = Section.read("memory.txt");
    topics = TOPICS.stream().map(name -> topic(sections, name)).toList();
    Section names = Section.named(Section.read("first-names.txt"), "names");
    firstNames = names.entries(Section.KNOWN);
    heldOutNames = names.entries(Section.HELD_OUT);
    invented =
        new InventedNames(
            Stream.concat(firstNames.stream(), heldOutNames.stream())
                .map(name -> name.toLowerCase(Locale.ROOT))
                .collect(Collectors.toSet()));
  }

  private static Topic topic(List<Section> sections, String name) {
    Section ask = Section.named(sections, name + " ask");
    return new Topic(
        name,
        Intent.of(Section.named(sections, name + " tell")),
        Intent.of(Section.named(sections, name + " correct")),
        Intent.of(ask),
        ask.line(Section.UNKNOWN),
        Section.named(sections, name + " tell").entries(Section.KNOWN));
  }

  @Override
  public String category() {
    return "memory";
  }

  @Override
  public List<Message> training(RandomGenerator random) {
    return conversation(random, true);
  }

  @Override
  public List<EvaluationCase> heldOut(RandomGenerator random) {
    return IntStream.range(0, CASES)
        .mapToObj(
            i -> {
              List<Message> messages = conversation(random, false);
              return new EvaluationCase(
                  category(), messages.subList(0, messages.size() - 1), messages.getLast().text());
            })
        .distinct()
        .toList();
  }

  private List<Message> conversation(RandomGenerator random, boolean training) {
    Topic topic = Draw.chance(random, 0.4) ? topics.getFirst() : Draw.one(random, topics);
    List<Message> messages = new ArrayList<>();
    double plot = random.nextDouble();
    if (plot < 0.16) {
      neverTold(random, topic, messages, training);
    } else if (plot < 0.24) {
      inOneBreath(random, topic, messages, training);
    } else if (plot < 0.34) {
      say(random, topic.tell, value(random, topic, training), messages, training);
    } else {
      toldAndAsked(random, topic, messages, training, plot > 0.82);
    }
    return messages;
  }

  /** Told, perhaps something else too, perhaps corrected, then asked. */
  private void toldAndAsked(
      RandomGenerator random,
      Topic topic,
      List<Message> messages,
      boolean training,
      boolean corrected) {
    boolean otherFirst = Draw.chance(random, 0.15);
    if (otherFirst) {
      tellOther(random, topic, messages, training);
    }
    String value = value(random, topic, training);
    say(random, topic.tell, value, messages, training);
    if (corrected) {
      between(random, messages, 1);
      value = value(random, topic, training);
      say(random, topic.correct, value, messages, training);
    }
    if (!otherFirst && Draw.chance(random, 0.15)) {
      tellOther(random, topic, messages, training);
    }
    between(random, messages, 3);
    say(random, topic.ask, value, messages, training);
  }

  private void neverTold(
      RandomGenerator random, Topic topic, List<Message> messages, boolean training) {
    if (Draw.chance(random, 0.35)) {
      tellOther(random, topic, messages, training);
    }
    between(random, messages, 2);
    messages.add(Message.user(phrasing(random, topic.ask, training)));
    messages.add(Message.assistant(topic.missing));
  }

  /** "My name is Ann. What is my name?" */
  private void inOneBreath(
      RandomGenerator random, Topic topic, List<Message> messages, boolean training) {
    String value = value(random, topic, training);
    String told = Template.fill(Draw.one(random, topic.tell.asks().trained()), "v", value);
    String text = (told.endsWith(".") || told.endsWith("!") ? told : told + ".") + " ";
    messages.add(Message.user(text + Draw.one(random, topic.ask.asks().trained())));
    messages.add(Message.assistant(Template.fill(topic.ask.answer(), "v", value)));
  }

  private void tellOther(
      RandomGenerator random, Topic topic, List<Message> messages, boolean training) {
    Topic other = Draw.one(random, topics);
    while (other.equals(topic)) {
      other = Draw.one(random, topics);
    }
    say(random, other.tell, value(random, other, training), messages, training);
  }

  private void between(RandomGenerator random, List<Message> messages, int most) {
    int exchanges = random.nextInt(most + 1);
    for (int i = 0; i < exchanges; i++) {
      messages.addAll(Draw.one(random, between).training(random));
    }
  }

  private static void say(
      RandomGenerator random, Intent part, String value, List<Message> messages, boolean training) {
    messages.add(Message.user(Template.fill(phrasing(random, part, training), "v", value)));
    messages.add(Message.assistant(Template.fill(part.answer(), "v", value)));
  }

  private static String phrasing(RandomGenerator random, Intent part, boolean training) {
    if (training) {
      return part.asks().typed(random);
    }
    Phrasings asks = part.asks();
    return Draw.one(random, Draw.chance(random, 0.5) ? asks.heldOut() : asks.trained());
  }

  private String value(RandomGenerator random, Topic topic, boolean training) {
    return switch (topic.name) {
      case "name", "pet" -> personal(random, training);
      case "city" ->
          Draw.chance(random, 0.5)
              ? Draw.one(random, topic.values)
              : invented(random, InventedNames.Kind.PLACE, training);
      case "number" -> "" + random.nextInt(1, Draw.chance(random, 0.5) ? 100 : 1000);
      default -> Draw.one(random, topic.values);
    };
  }

  private String personal(RandomGenerator random, boolean training) {
    if (Draw.chance(random, training ? REAL_NAMES_IN_TRAINING : 0.5)) {
      return Draw.one(random, training ? firstNames : heldOutNames);
    }
    return invented(random, InventedNames.Kind.PERSON, training);
  }

  private String invented(RandomGenerator random, InventedNames.Kind kind, boolean training) {
    return training ? invented.training(random, kind) : invented.heldOut(random, kind);
  }
}
