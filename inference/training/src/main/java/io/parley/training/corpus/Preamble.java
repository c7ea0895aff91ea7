package io.parley.training.corpus;

import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/**
 * A long text before the question that has nothing to do with it. Coding clients put such reminders
 * of tools, files and dates into the user's turn; the model must read past them.
 */
final class Preamble {
  private static final int MIN_WORDS = 20;
  private static final int MAX_WORDS = 250;

  private final List<String> sentences;
  private final Map<String, List<String>> words;

  Preamble() {
    List<Section> sections = Section.read("preamble.txt");
    sentences = Section.named(sections, "sentences").lines(Section.ASK);
    words =
        sections.stream()
            .filter(section -> !section.entries(Section.KNOWN).isEmpty())
            .collect(Collectors.toMap(Section::name, section -> section.entries(Section.KNOWN)));
  }

  /** The question behind a reminder of 20 to about 250 words. */
  String before(RandomGenerator random, String question) {
    // Uniform in the logarithm: short reminders are cheap, and the long ones are still seen.
    double span = Math.log((double) MAX_WORDS / MIN_WORDS);
    int target = (int) (MIN_WORDS * Math.exp(random.nextDouble() * span));
    StringBuilder text = new StringBuilder("<system-reminder>\n");
    for (int count = 0; count < target; ) {
      String sentence = sentence(random);
      text.append(sentence).append(Draw.chance(random, 0.2) ? "\n" : " ");
      count += sentence.split(" ", -1).length;
    }
    return text.toString().strip() + "\n</system-reminder>\n\n" + question;
  }

  private String sentence(RandomGenerator random) {
    String text = Template.choose(Draw.one(random, sentences), random);
    return Template.fill(text, slot -> value(random, slot));
  }

  private String value(RandomGenerator random, String slot) {
    if (slot.equals("n")) {
      return "" + random.nextInt(1, 100);
    }
    List<String> list = words.get(slot);
    if (list == null) {
      throw new IllegalStateException("no list of words for {" + slot + "}");
    }
    return Draw.one(random, list);
  }
}
