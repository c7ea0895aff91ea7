package io.parley.simulation.report;

import io.parley.simulation.fleet.FleetReport;
import io.parley.simulation.fleet.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A figure of a report as people read it. */
record Figure(String name, String value) {
  /** The figures of a report; the same names in the same order for every report. */
  static List<Figure> of(FleetReport report) {
    List<Figure> figures = new ArrayList<>();
    add(figures, "devices", "%d", report.replicas());
    add(figures, "requests arrived, whole trace", "%,d", report.arrived());
    add(figures, "requests measured", "%,d", report.measured());
    add(figures, "offered, requests/s", "%,.1f", report.offeredPerSecond());
    add(figures, "completed, requests/s", "%,.1f", report.completedPerSecond());
    add(figures, "goodput, requests/s", "%,.1f", report.goodPerSecond());
    add(figures, "within the service level, %", "%.2f", 100 * report.attainment());
    add(figures, "output, tokens/s", "%,.0f", report.outputTokensPerSecond());
    add(figures, "prompts, tokens/s", "%,.0f", report.promptTokensPerSecond());
    add(figures, "TTFT p50, ms", "%,.1f", report.ttft().p50());
    add(figures, "TTFT p90, ms", "%,.1f", report.ttft().p90());
    add(figures, "TTFT p99, ms", "%,.1f", report.ttft().p99());
    add(figures, "inter-token p50, ms", "%,.1f", report.interToken().p50());
    add(figures, "inter-token p99, ms", "%,.1f", report.interToken().p99());
    add(figures, "inter-token p99.9, ms", "%,.1f", report.interToken().p999());
    add(figures, "fairness between tenants (Jain)", "%.4f", report.jain());
    add(figures, "worst tenant within the service level, %", "%.2f", 100 * report.worstTenant());
    add(figures, "devices busy, %", "%.1f", 100 * report.busy());
    add(figures, "compute used, % of peak", "%.1f", 100 * report.flopsShare());
    add(figures, "bandwidth used, % of peak", "%.1f", 100 * report.bandwidthShare());
    add(figures, "KV blocks held, %", "%.1f", 100 * report.kvShare());
    for (Outcome outcome : Outcome.values()) {
      String name = outcome.name().toLowerCase(Locale.ROOT);
      add(figures, name, "%,d", report.outcomes().getOrDefault(outcome, 0L));
    }
    add(figures, "retries", "%,d", report.retries());
    add(figures, "stalls", "%,d", report.stalls());
    add(figures, "failures of devices", "%,d", report.failures());
    return figures;
  }

  private static void add(List<Figure> figures, String name, String format, Object value) {
    figures.add(new Figure(name, String.format(Locale.ROOT, format, value)));
  }
}
