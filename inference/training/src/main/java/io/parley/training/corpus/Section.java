package io.parley.training.corpus;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A named part of a corpus file. The files share one format: {@code # comment}, {@code [section]},
 * and lines that start with a mark and a space. Which marks a file uses is told in its head.
 */
record Section(String name, List<Line> lines) {
  /** A way to ask that is trained. */
  static final char ASK = '-';

  /** A way to ask that is never trained. */
  static final char ASK_HELD_OUT = '~';

  /** The canonical answer. */
  static final char ANSWER = '=';

  /** Known things, separated by semicolons. */
  static final char KNOWN = '+';

  /** Things that the model is trained not to know. */
  static final char UNKNOWN = '?';

  /** Things that appear nowhere in training. */
  static final char HELD_OUT = '!';

  /** A setting of the section. */
  static final char OPTION = '@';

  record Line(char mark, String text) {}

  /** The texts of all lines with this mark. */
  List<String> lines(char mark) {
    return lines.stream().filter(line -> line.mark == mark).map(Line::text).toList();
  }

  /** The entries of all lines with this mark, where a line separates its entries by semicolons. */
  List<String> entries(char mark) {
    return lines(mark).stream()
        .flatMap(line -> Arrays.stream(line.split(";", -1)))
        .map(String::strip)
        .filter(entry -> !entry.isEmpty())
        .toList();
  }

  /** The text of the only line with this mark. */
  String line(char mark) {
    List<String> found = lines(mark);
    if (found.size() != 1) {
      throw new IllegalStateException("[" + name + "] needs one line '" + mark + "'");
    }
    return found.getFirst();
  }

  /** The sections of a resource in the folder {@code corpus}, in its order. */
  static List<Section> read(String resource) {
    try (InputStream in = Section.class.getResourceAsStream("/corpus/" + resource)) {
      if (in == null) {
        throw new IllegalStateException("there is no corpus file " + resource);
      }
      return parse(resource, new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The one section of this name. */
  static Section named(List<Section> sections, String name) {
    return sections.stream()
        .filter(section -> section.name.equals(name))
        .collect(
            Collectors.collectingAndThen(
                Collectors.toList(),
                found -> {
                  if (found.size() != 1) {
                    throw new IllegalStateException("there must be one section [" + name + "]");
                  }
                  return found.getFirst();
                }));
  }

  private static List<Section> parse(String resource, BufferedReader reader) {
    List<Section> sections = new ArrayList<>();
    for (String line : reader.lines().toList()) {
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      if (line.startsWith("[") && line.endsWith("]")) {
        sections.add(new Section(line.substring(1, line.length() - 1), new ArrayList<>()));
      } else if (sections.isEmpty() || line.length() < 3 || line.charAt(1) != ' ') {
        throw new IllegalStateException(resource + " has a line without section or mark: " + line);
      } else {
        sections.getLast().lines.add(new Line(line.charAt(0), line.substring(2).strip()));
      }
    }
    return List.copyOf(sections);
  }
}
