package io.parley.bench;

import java.util.Locale;

/**
 * What a model gets done for its clients while more and more of them come, up to ten times what it
 * can serve ({@link OverloadedModel}). Goodput is what was answered whole to clients who had not
 * lost their patience. In virtual time: the same figures on every machine, in seconds.
 */
final class GoodputBench {
  private static final double[] LOADS = {0.5, 1, 2, 3, 5, 10};

  private GoodputBench() {}

  static Report run() {
    Report report =
        new Report(
            "goodput, %d sequences at once, patience %.0f s"
                .formatted(OverloadedModel.SEQUENCES, OverloadedModel.PATIENCE_S));
    double capacity = new OverloadedModel(1_000, true).play().good();
    report.add("capacity", capacity, "requests/s");
    curve(report, capacity, true, "bounded by time");
    curve(report, capacity, false, "bounded by length");
    return report;
  }

  private static void curve(Report report, double capacity, boolean bounded, String how) {
    double peak = 0;
    double least = Double.MAX_VALUE;
    double last = 0;
    for (double load : LOADS) {
      OverloadedModel.Outcome outcome = new OverloadedModel(load * capacity, bounded).play();
      String name = String.format(Locale.ROOT, "%s, %.1f times offered: ", how, load);
      report.add(name + "answered in time", outcome.good(), "requests/s");
      report.add(name + "refused", outcome.refused(), "requests/s");
      report.add(name + "too late", outcome.late(), "requests/s");
      peak = Math.max(peak, outcome.good());
      least = load > 1 ? Math.min(least, outcome.good()) : least;
      last = outcome.good();
    }
    report.add(how + ": of the peak is left at ten times", 100 * last / peak, "%");
    report.add(how + ": at the worst of the loads above capacity", 100 * least / peak, "%");
  }
}
