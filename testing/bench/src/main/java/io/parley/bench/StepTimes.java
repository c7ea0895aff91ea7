package io.parley.bench;

import io.parley.engine.StepPlan;

/** Where the time of one step or of several went, in nanoseconds. Not thread-safe. */
final class StepTimes {
  final long[] drawing = new long[Drawing.ALL.size()];
  long schedule;
  long model;
  long update;
  long checkSums;
  private int steps;
  private long tokens;

  int steps() {
    return steps;
  }

  /** Adds the times of one step. */
  void add(StepTimes step, StepPlan plan) {
    steps++;
    tokens += plan.tokens();
    schedule += step.schedule;
    model += step.model;
    update += step.update;
    checkSums += step.checkSums;
    for (int i = 0; i < drawing.length; i++) {
      drawing[i] += step.drawing[i];
    }
  }

  void addTo(Report report, String name) {
    long scheduling = schedule + update + checkSums;
    report.add(name + ": tokens", (double) tokens / steps, "a step");
    report.add(name + ": model", micros(model), "µs");
    report.add(name + ": scheduling", micros(scheduling), "µs");
    report.add(name + ": of it schedule", micros(schedule), "µs");
    report.add(name + ": of it update", micros(update), "µs");
    report.add(name + ": of it checkSums", micros(checkSums), "µs");
    report.add(name + ": share of scheduling", percent(scheduling), "% of the model's time");
    for (int i = 0; i < drawing.length; i++) {
      report.add(name + ": drawing, " + Drawing.ALL.get(i).description(), micros(drawing[i]), "µs");
    }
    long dearest = drawing[drawing.length - 1];
    report.add(name + ": share of the last", percent(dearest), "% of the model's time");
  }

  private double micros(long nanos) {
    return nanos / 1e3 / steps;
  }

  private double percent(long nanos) {
    return 100.0 * nanos / model;
  }
}
