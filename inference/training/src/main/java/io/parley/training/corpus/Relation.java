package io.parley.training.corpus;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A kind of fact: what is asked, how it is answered, for which things the answer is known.
 *
 * @param answer a template over the slots of a fact
 * @param facts slots {@code x}, {@code y} and, where there are three columns, {@code z}
 * @param unknown things that training refuses
 * @param heldOut real things that training never names in this relation
 * @param invented the form of invented things to refuse
 */
record Relation(
    String name,
    String answer,
    Phrasings asks,
    List<Map<String, String>> facts,
    List<Map<String, String>> unknown,
    List<Map<String, String>> heldOut,
    List<InventedNames.Kind> invented) {
  private static final List<String> COLUMNS = List.of("x", "y", "z");

  static Relation from(Section section) {
    return new Relation(
        section.name(),
        section.line(Section.ANSWER),
        Phrasings.of(section),
        rows(section, Section.KNOWN),
        rows(section, Section.UNKNOWN),
        rows(section, Section.HELD_OUT),
        section.entries(Section.OPTION).stream().map(InventedNames.Kind::valueOf).toList());
  }

  private static List<Map<String, String>> rows(Section section, char mark) {
    return section.entries(mark).stream().map(Relation::row).toList();
  }

  private static Map<String, String> row(String entry) {
    String[] cells = entry.split("\\|", -1);
    return Map.copyOf(
        IntStream.range(0, cells.length)
            .boxed()
            .collect(Collectors.toMap(COLUMNS::get, i -> cells[i].strip())));
  }
}
