package io.parley.bench.concurrent;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.openjdk.jmh.results.RunResult;

/**
 * What was measured, as tables and as a plot.
 *
 * @param rows one figure each
 */
record Figures(List<Row> rows) {
  /**
   * One figure.
   *
   * @param what the workload
   * @param who the competitor
   * @param perSecond operations a second in the best iteration: what else runs on a machine only
   *     ever makes things slower, so the best is nearest to what the code does
   * @param mean over all iterations
   */
  record Row(String what, String who, int threads, double perSecond, double mean) {}

  static Figures of(Collection<RunResult> results, String competitorParameter) {
    List<Row> rows = new ArrayList<>();
    for (RunResult result : results) {
      String benchmark = result.getParams().getBenchmark();
      String method = benchmark.substring(benchmark.lastIndexOf('.') + 1);
      String who = result.getParams().getParam(competitorParameter);
      rows.add(
          new Row(
              method,
              who == null ? "" : who,
              result.getParams().getThreads(),
              result.getPrimaryResult().getStatistics().getMax(),
              result.getPrimaryResult().getScore()));
    }
    return new Figures(rows);
  }

  /** A Markdown table with a line for each figure. */
  String list() {
    StringBuilder table = new StringBuilder("| what | who | threads | per second | mean |\n");
    table.append("|---|---|---:|---:|---:|\n");
    for (Row row : rows) {
      table.append(
          String.format(
              Locale.ROOT,
              "| %s | %s | %d | %s | %s |%n",
              row.what,
              row.who,
              row.threads,
              number(row.perSecond),
              number(row.mean)));
    }
    return table.toString();
  }

  /** A Markdown table with a line for each workload and number of threads, a column for each. */
  String matrix() {
    Set<String> competitors = new LinkedHashSet<>();
    rows.forEach(row -> competitors.add(row.who));
    StringBuilder table = new StringBuilder("| workload | threads |");
    competitors.forEach(who -> table.append(' ').append(who).append(" |"));
    table.append("\n|---|---:|").append("---:|".repeat(competitors.size())).append('\n');
    Set<List<Object>> lines = new LinkedHashSet<>();
    rows.forEach(row -> lines.add(List.of(row.what, row.threads)));
    for (List<Object> line : lines) {
      table.append("| ").append(line.get(0)).append(" | ").append(line.get(1)).append(" |");
      for (String who : competitors) {
        rows.stream()
            .filter(row -> List.<Object>of(row.what, row.threads).equals(line))
            .filter(row -> row.who.equals(who))
            .findFirst()
            .ifPresent(row -> table.append(' ').append(number(row.perSecond)).append(" |"));
      }
      table.append('\n');
    }
    return table.toString();
  }

  static String number(double value) {
    if (value >= 1e6) {
      return String.format(Locale.ROOT, "%.1f M", value / 1e6);
    }
    return value >= 1e4
        ? String.format(Locale.ROOT, "%.0f k", value / 1e3)
        : String.format(Locale.ROOT, "%.0f", value);
  }

  /** Bars for one number of threads; those of a workload are drawn in proportion to its best. */
  String svg(int threads) {
    List<Row> shown = rows.stream().filter(row -> row.threads == threads).toList();
    Set<String> workloads = new LinkedHashSet<>();
    Set<String> competitors = new LinkedHashSet<>();
    shown.forEach(row -> workloads.add(row.what));
    shown.forEach(row -> competitors.add(row.who));
    List<String> colours = List.of("#2f6f9f", "#c46a2b", "#6a9a4b", "#888888", "#9a4b8a");
    int barHeight = 16;
    int groupHeight = barHeight * competitors.size() + 14;
    int height = 40 + groupHeight * workloads.size();
    StringBuilder svg =
        new StringBuilder(
            """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 760 %d" font-family="sans-serif" \
            font-size="12"><rect width="760" height="%d" fill="white"/>
            """
                .formatted(height, height));
    int x = 110;
    int colour = 0;
    for (String who : competitors) {
      svg.append(
          "<rect x=\"%d\" y=\"10\" width=\"12\" height=\"12\" fill=\"%s\"/><text x=\"%d\" y=\"21\">%s</text>%n"
              .formatted(x, colours.get(colour++ % colours.size()), x + 18, who));
      x += 170;
    }
    int y = 36;
    for (String workload : workloads) {
      double best =
          shown.stream()
              .filter(row -> row.what.equals(workload))
              .mapToDouble(Row::perSecond)
              .max()
              .orElse(1);
      svg.append(
          "<text x=\"100\" y=\"%d\" text-anchor=\"end\">%s</text>%n"
              .formatted(y + groupHeight / 2, workload));
      colour = 0;
      for (String who : competitors) {
        String fill = colours.get(colour++ % colours.size());
        for (Row row : shown) {
          if (row.what.equals(workload) && row.who.equals(who)) {
            int width = (int) Math.max(1, 540 * row.perSecond / best);
            svg.append(
                "<rect x=\"110\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"%s\"/><text x=\"%d\" y=\"%d\">%s/s</text>%n"
                    .formatted(
                        y, width, barHeight - 3, fill, 116 + width, y + 11, number(row.perSecond)));
            y += barHeight;
          }
        }
      }
      y += 14;
    }
    return svg.append("</svg>\n").toString();
  }
}
