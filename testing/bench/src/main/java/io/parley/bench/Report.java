package io.parley.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Named figures with units, in the order in which they were added. Not thread-safe. */
final class Report {
  private record Figure(double value, String unit) {}

  private final String title;
  private final Map<String, Figure> figures = new LinkedHashMap<>();

  Report(String title) {
    this.title = title;
  }

  void add(String name, double value, String unit) {
    figures.put(name, new Figure(value, unit));
  }

  void print(PrintStream out, boolean json) {
    out.println(json ? json() : table());
  }

  private String table() {
    StringBuilder text = new StringBuilder(title).append('\n').append("-".repeat(title.length()));
    int width = figures.keySet().stream().mapToInt(String::length).max().orElse(0);
    String row = "%n%-" + Math.max(42, width) + "s %12.2f %s";
    figures.forEach(
        (name, figure) ->
            text.append(String.format(Locale.ROOT, row, name, figure.value, figure.unit)));
    return text.toString();
  }

  private String json() {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("benchmark", title);
    object.put("machine", machine());
    figures.forEach(
        (name, figure) -> object.put(name, Map.of("value", figure.value, "unit", figure.unit)));
    try {
      return new ObjectMapper().writeValueAsString(object);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Map<String, Object> machine() {
    return Map.of(
        "processors", Runtime.getRuntime().availableProcessors(),
        "architecture", System.getProperty("os.arch"),
        "java", System.getProperty("java.runtime.version"));
  }
}
