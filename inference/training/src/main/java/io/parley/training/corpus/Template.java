package io.parley.training.corpus;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Text with choices and slots. {@code (What is|What's) the capital of {x}?} stands for two
 * phrasings with the slot {@code x}; {@code {X}} is the same slot with a capital first letter.
 * Choices may nest.
 */
final class Template {
  private static final Pattern CHOICE = Pattern.compile("\\(([^()]*\\|[^()]*)\\)");
  private static final Pattern SLOT = Pattern.compile("\\{(\\w+)\\}");

  private Template() {}

  /** One phrasing; slots stay. */
  static String choose(String template, RandomGenerator random) {
    String text = template;
    for (Matcher choice = CHOICE.matcher(text); choice.find(); choice = CHOICE.matcher(text)) {
      String[] branches = choice.group(1).split("\\|", -1);
      String branch = branches[random.nextInt(branches.length)];
      text = text.substring(0, choice.start()) + branch + text.substring(choice.end());
    }
    return tidy(text);
  }

  /** Every phrasing that the templates stand for, without doubles; slots stay. */
  static List<String> expand(List<String> templates) {
    return templates.stream().flatMap(t -> expand(t).stream()).distinct().toList();
  }

  private static List<String> expand(String template) {
    Matcher choice = CHOICE.matcher(template);
    if (!choice.find()) {
      return List.of(tidy(template));
    }
    List<String> all = new ArrayList<>();
    for (String branch : choice.group(1).split("\\|", -1)) {
      all.addAll(
          expand(
              template.substring(0, choice.start()) + branch + template.substring(choice.end())));
    }
    return all;
  }

  /** Puts the values into the slots. */
  static String fill(String text, Map<String, String> values) {
    return fill(text, slot -> value(slot, values, text));
  }

  /** Puts a value into each place, asking for it anew where a slot occurs again. */
  static String fill(String text, UnaryOperator<String> values) {
    return SLOT.matcher(text)
        .replaceAll(slot -> Matcher.quoteReplacement(values.apply(slot.group(1))));
  }

  static String fill(String text, String slot, String value) {
    return fill(text, Map.of(slot, value));
  }

  /** Names of the slots, in order. */
  static List<String> slots(String text) {
    return SLOT.matcher(text).results().map(slot -> slot.group(1)).toList();
  }

  static String capitalised(String text) {
    return text.isEmpty()
        ? text
        : text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
  }

  private static String value(String slot, Map<String, String> values, String text) {
    String exact = values.get(slot);
    if (exact != null) {
      return exact;
    }
    String lower = values.get(slot.toLowerCase(Locale.ROOT));
    if (lower == null) {
      throw new IllegalStateException("no value for {" + slot + "} in: " + text);
    }
    return capitalised(lower);
  }

  private static String tidy(String text) {
    return text.replaceAll(" {2,}", " ").replace(" ?", "?").replace(" ,", ",").strip();
  }
}
