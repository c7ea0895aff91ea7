package io.parley.safety.rules;

import io.parley.safety.shape.Shape;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the text of a rule file.
 *
 * <pre>
 * # a comment
 * version 2026.11.1
 *
 * category weapons          # what a refusal is called
 * screens input output      # which gates look for it
 * near 12                   # all groups within 12 words
 *   any how to | recipe     # a group: one of these phrases
 *   any sarin | vx gas
 * shape AKIA[0-9A-Z]{16}    # a string of this form
 * </pre>
 */
final class RuleFile {
  private String version = "";
  private String category = "";
  private Set<Rule.Side> sides = Set.of();
  private final List<Rule> rules = new ArrayList<>();
  private int withinWords;
  private @Nullable List<List<String>> groups;

  private RuleFile() {}

  /**
   * @throws IllegalArgumentException naming the line that is wrong
   */
  static RuleSet parse(String text) {
    RuleFile file = new RuleFile();
    String[] lines = text.split("\\R", -1);
    for (int i = 0; i < lines.length; i++) {
      try {
        file.line(lines[i].strip());
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("line " + (i + 1) + ": " + e.getMessage(), e);
      }
    }
    file.endNear();
    if (file.version.isEmpty()) {
      throw new IllegalArgumentException("a rule file needs a version line");
    }
    return new RuleSet(file.version, file.rules);
  }

  private void line(String line) {
    if (line.isEmpty() || line.startsWith("#")) {
      return;
    }
    int space = line.indexOf(' ');
    String word = space < 0 ? line : line.substring(0, space);
    String rest = space < 0 ? "" : line.substring(space).strip();
    if (!word.equals("any")) {
      endNear();
    }
    switch (word) {
      case "version" -> version = rest;
      case "category" -> beginCategory(rest);
      case "screens" -> sides = sides(rest);
      case "near" -> beginNear(rest);
      case "any" -> group(rest);
      case "shape" -> rules.add(new Rule.Shaped(category(), sides(), Shape.parse(rest)));
      default ->
          throw new IllegalArgumentException(
              word + " is none of version, category, screens, near, any, shape");
    }
  }

  private void beginCategory(String name) {
    if (!name.matches("[a-z][a-z_]*")) {
      throw new IllegalArgumentException("a category has lower-case letters and underscores only");
    }
    category = name;
    sides = Set.of();
  }

  private static Set<Rule.Side> sides(String words) {
    Set<Rule.Side> sides = EnumSet.noneOf(Rule.Side.class);
    for (String word : words.split(" +", -1)) {
      sides.add(
          switch (word) {
            case "input" -> Rule.Side.INPUT;
            case "output" -> Rule.Side.OUTPUT;
            default -> throw new IllegalArgumentException(word + " is neither input nor output");
          });
    }
    return sides;
  }

  private void beginNear(String words) {
    if (!words.matches("[1-9][0-9]{0,3}")) {
      throw new IllegalArgumentException("near needs a number of words from 1 to 9999");
    }
    withinWords = Integer.parseInt(words);
    groups = new ArrayList<>();
  }

  private void group(String alternatives) {
    if (groups == null) {
      throw new IllegalArgumentException("any belongs under near");
    }
    List<String> phrases = new ArrayList<>();
    for (String phrase : alternatives.split("\\|", -1)) {
      phrases.add(phrase(phrase.strip()));
    }
    groups.add(List.copyOf(phrases));
  }

  private static String phrase(String phrase) {
    if (!phrase.matches("[a-z0-9]+( [a-z0-9]+)*")) {
      throw new IllegalArgumentException(
          "\"" + phrase + "\" is not a phrase of lower-case words and digits");
    }
    return phrase;
  }

  private void endNear() {
    Optional.ofNullable(groups)
        .ifPresent(all -> rules.add(new Rule.Near(category(), sides(), withinWords, near(all))));
    groups = null;
  }

  private static List<List<String>> near(List<List<String>> groups) {
    if (groups.isEmpty()) {
      throw new IllegalArgumentException("near needs at least one any below it");
    }
    return List.copyOf(groups);
  }

  private String category() {
    if (category.isEmpty()) {
      throw new IllegalArgumentException("a rule needs a category line before it");
    }
    return category;
  }

  private Set<Rule.Side> sides() {
    if (sides.isEmpty()) {
      throw new IllegalArgumentException("category " + category + " needs a screens line");
    }
    return sides;
  }
}
