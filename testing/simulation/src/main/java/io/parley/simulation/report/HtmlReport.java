package io.parley.simulation.report;

import io.parley.simulation.fleet.Distribution;
import io.parley.simulation.fleet.FleetReport;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/** Reports as one page with plots; it has no script and loads nothing. */
public final class HtmlReport {
  private static final String STYLE =
      """
      body { font: 15px/1.5 system-ui, sans-serif; max-width: 1180px; margin: 2em auto;
             padding: 0 1em; color: #222; background: #fff }
      h1 { font-size: 1.4em } table { border-collapse: collapse; margin: 1em 0 }
      td, th { padding: .15em .9em; text-align: right; border-bottom: 1px solid #ddd }
      td:first-child, th:first-child { text-align: left; font-weight: normal }
      .plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(480px, 1fr)); gap: 1em }
      svg { width: 100%; height: auto } svg text { font: 12px system-ui, sans-serif }
      svg .title { font-weight: 600; font-size: 14px } svg .tick, svg .label { fill: #555 }
      svg .grid { stroke: #ddd }
      """;

  private HtmlReport() {}

  /** The whole page. */
  public static String of(Presentation shown) {
    StringBuilder page = new StringBuilder("<!doctype html>\n<html lang=\"en\"><head>");
    page.append("<meta charset=\"utf-8\"><title>").append(Html.escape(shown.title()));
    page.append("</title><style>\n").append(STYLE).append("</style></head><body>\n<h1>");
    page.append(Html.escape(shown.title())).append("</h1>\n<table>");
    shown.scenario().forEach((name, value) -> appendRow(page, "td", name, List.of(value)));
    page.append("</table>\n<table>");
    appendFigures(page, shown.reports());
    page.append("</table>\n<div class=\"plots\">\n");
    plots(shown.reports()).forEach(plot -> page.append(plot.svg()).append('\n'));
    page.append("</div>\n");
    shown.notes().forEach(note -> page.append("<p>").append(Html.escape(note)).append("</p>\n"));
    return page.append("</body></html>\n").toString();
  }

  private static void appendFigures(StringBuilder page, List<FleetReport> reports) {
    appendRow(page, "th", "", reports.stream().map(FleetReport::policy).toList());
    List<List<Figure>> columns = reports.stream().map(Figure::of).toList();
    for (int i = 0; i < columns.getFirst().size(); i++) {
      int row = i;
      appendRow(
          page,
          "td",
          columns.getFirst().get(row).name(),
          columns.stream().map(column -> column.get(row).value()).toList());
    }
  }

  private static void appendRow(StringBuilder page, String cell, String name, List<String> values) {
    page.append("<tr>");
    List<String> cells = new ArrayList<>(List.of(name));
    cells.addAll(values);
    for (String value : cells) {
      page.append("<%s>%s</%s>".formatted(cell, Html.escape(value), cell));
    }
    page.append("</tr>\n");
  }

  private static List<Plot> plots(List<FleetReport> reports) {
    return List.of(
        new Plot("Requests a second", "time, s", "requests/s", false, requests(reports)),
        new Plot("Requests in the fleet", "time, s", "requests", false, occupancy(reports)),
        latency("Time to first token", reports, FleetReport::ttft),
        latency("Time between tokens", reports, FleetReport::interToken),
        new Plot(
            "Tenants, from the worst served",
            "tenant",
            "within the service level, %",
            false,
            reports.stream().map(HtmlReport::tenants).toList()));
  }

  private static List<Plot.Line> requests(List<FleetReport> reports) {
    List<Plot.Line> lines = new ArrayList<>();
    lines.add(overTime("offered", reports.getFirst(), reports.getFirst().series().offered()));
    for (FleetReport report : reports) {
      lines.add(overTime("completed, " + report.policy(), report, report.series().completed()));
    }
    return lines;
  }

  private static List<Plot.Line> occupancy(List<FleetReport> reports) {
    List<Plot.Line> lines = new ArrayList<>();
    for (FleetReport report : reports) {
      lines.add(overTime("running, " + report.policy(), report, report.series().running()));
      lines.add(overTime("waiting, " + report.policy(), report, report.series().waiting()));
    }
    return lines;
  }

  private static Plot latency(
      String title, List<FleetReport> reports, Function<FleetReport, Distribution> part) {
    List<Plot.Line> lines = new ArrayList<>();
    for (FleetReport report : reports) {
      List<Distribution.Point> curve = part.apply(report).curve();
      lines.add(
          new Plot.Line(
              report.policy(),
              curve.stream().map(Distribution.Point::percent).toList(),
              curve.stream().map(Distribution.Point::millis).toList()));
    }
    return new Plot(title, "percentile", "ms", true, lines);
  }

  private static Plot.Line overTime(String name, FleetReport report, List<Double> values) {
    double bucketSeconds = report.seconds() / values.size();
    List<Double> times =
        IntStream.range(0, values.size()).mapToObj(i -> i * bucketSeconds).toList();
    return new Plot.Line(name, times, values);
  }

  private static Plot.Line tenants(FleetReport report) {
    List<Double> shares = new ArrayList<>(report.series().tenantAttainments());
    Collections.sort(shares);
    return new Plot.Line(
        report.policy(),
        IntStream.range(1, shares.size() + 1).mapToObj(i -> (double) i).toList(),
        shares.stream().map(share -> 100 * share).toList());
  }
}
