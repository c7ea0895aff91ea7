package io.parley.simulation.report;

import io.parley.simulation.fleet.FleetReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Reports as a table of text, a column for each. */
public final class TextReport {
  private static final int NAME_WIDTH = 42;
  private static final int COLUMN_WIDTH = 20;

  private TextReport() {}

  /** The whole text, with a line feed at its end. */
  public static String of(Presentation shown) {
    StringBuilder text = new StringBuilder(shown.title()).append("\n\n");
    shown.scenario().forEach((name, value) -> text.append("%-20s %s%n".formatted(name, value)));
    text.append('\n');
    appendTable(text, shown.reports());
    shown.notes().forEach(note -> text.append('\n').append(note).append('\n'));
    return text.toString();
  }

  private static void appendTable(StringBuilder text, List<FleetReport> reports) {
    List<List<Figure>> columns = reports.stream().map(Figure::of).toList();
    appendRow(text, "", reports.stream().map(FleetReport::policy).toList());
    for (int row = 0; row < columns.getFirst().size(); row++) {
      List<String> values = new ArrayList<>();
      for (List<Figure> column : columns) {
        values.add(column.get(row).value());
      }
      appendRow(text, columns.getFirst().get(row).name(), values);
    }
  }

  private static void appendRow(StringBuilder text, String name, List<String> values) {
    text.append(String.format(Locale.ROOT, "%-" + NAME_WIDTH + "s", name));
    for (String value : values) {
      text.append(String.format(Locale.ROOT, " %" + COLUMN_WIDTH + "s", value));
    }
    text.append('\n');
  }
}
