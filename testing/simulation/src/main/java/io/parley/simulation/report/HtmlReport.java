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
  /** Points of a plot over time: fewer than were taken, so that lines can be told apart. */
  private static final int POINTS = 50;

  private static final String STYLE =
      """
      body { font: 15px/1.5 system-ui, sans-serif; max-width: 1180px; margin: 2em auto;
             padding: 0 1em; color: #222; background: #fff; color-scheme: light }
      h1 { font-size: 1.4em } table { border-collapse: collapse; margin: 1em 0 }
      td, th { padding: .15em .9em; text-align: right; border-bottom: 1px solid #ddd }
      td:first-child, th:first-child { text-align: left; font-weight: normal }
      .scenario td { text-align: left } .figures { font-variant-numeric: tabular-nums }
      .wide { overflow-x: auto } .plots { display: grid; align-items: start; gap: 1.5em;
             grid-template-columns: repeat(auto-fit, minmax(min(480px, 100%), 1fr)) }
      svg { width: 100%; height: auto } svg text { font: 12px system-ui, sans-serif; fill: #222 }
      svg .title { font-weight: 600; font-size: 14px } svg .tick, svg .label { fill: #555 }
      svg .grid { stroke: #ddd }
      """;

  private HtmlReport() {}

  /** The whole page. */
  public static String of(Presentation shown) {
    StringBuilder page = new StringBuilder("<!doctype html>\n<html lang=\"en\"><head>");
    page.append("<meta charset=\"utf-8\"><title>").append(Html.escape(shown.title()));
    page.append("</title><style>\n").append(STYLE).append("</style></head><body>\n<h1>");
    page.append(Html.escape(shown.title())).append("</h1>\n<table class=\"scenario\">");
    shown.scenario().forEach((name, value) -> appendRow(page, "td", name, List.of(value)));
    page.append("</table>\n<div class=\"wide\"><table class=\"figures\">");
    appendFigures(page, shown.reports());
    page.append("</table></div>\n<div class=\"plots\">\n");
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
            inColours(reports, HtmlReport::tenants)));
  }

  /** A line of a report in the report's colour. */
  private interface Drawing {
    Plot.Line draw(int colour, FleetReport report);
  }

  private static List<Plot.Line> inColours(List<FleetReport> reports, Drawing drawing) {
    return IntStream.range(0, reports.size())
        .mapToObj(i -> drawing.draw(i, reports.get(i)))
        .toList();
  }

  private static List<Plot.Line> requests(List<FleetReport> reports) {
    FleetReport first = reports.getFirst();
    List<Plot.Line> lines = new ArrayList<>();
    lines.add(overTime("offered", reports.size(), true, first, first.series().offered()));
    lines.addAll(
        inColours(
            reports,
            (colour, report) ->
                overTime(
                    "completed, " + report.policy(),
                    colour,
                    false,
                    report,
                    report.series().completed())));
    return lines;
  }

  private static List<Plot.Line> occupancy(List<FleetReport> reports) {
    List<Plot.Line> lines = new ArrayList<>();
    for (int i = 0; i < reports.size(); i++) {
      FleetReport report = reports.get(i);
      FleetReport.Series series = report.series();
      lines.add(overTime("running, " + report.policy(), i, false, report, series.running()));
      lines.add(overTime("waiting, " + report.policy(), i, true, report, series.waiting()));
    }
    return lines;
  }

  private static Plot latency(
      String title, List<FleetReport> reports, Function<FleetReport, Distribution> part) {
    return new Plot(
        title,
        "percentile",
        "ms",
        true,
        inColours(reports, (colour, report) -> curve(colour, report, part.apply(report))));
  }

  private static Plot.Line curve(int colour, FleetReport report, Distribution distribution) {
    List<Distribution.Point> points = distribution.curve();
    return new Plot.Line(
        report.policy(),
        colour,
        false,
        points.stream().map(Distribution.Point::percent).toList(),
        points.stream().map(Distribution.Point::millis).toList());
  }

  /** Means of neighbouring values, each in the middle of its time. */
  private static Plot.Line overTime(
      String name, int colour, boolean dashed, FleetReport report, List<Double> values) {
    int together = Math.ceilDiv(values.size(), POINTS);
    double seconds = report.seconds() / values.size() * together;
    List<Double> times = new ArrayList<>();
    List<Double> means = new ArrayList<>();
    for (int from = 0; from < values.size(); from += together) {
      List<Double> some = values.subList(from, Math.min(values.size(), from + together));
      times.add((times.size() + 0.5) * seconds);
      means.add(some.stream().mapToDouble(Double::doubleValue).average().orElse(0));
    }
    return new Plot.Line(name, colour, dashed, times, means);
  }

  private static Plot.Line tenants(int colour, FleetReport report) {
    List<Double> shares = new ArrayList<>(report.series().tenantAttainments());
    Collections.sort(shares);
    return new Plot.Line(
        report.policy(),
        colour,
        false,
        IntStream.range(1, shares.size() + 1).mapToObj(i -> (double) i).toList(),
        shares.stream().map(share -> 100 * share).toList());
  }
}
