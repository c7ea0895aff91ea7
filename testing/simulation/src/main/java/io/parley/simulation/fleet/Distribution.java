package io.parley.simulation.fleet;

import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;

/**
 * A distribution of times in milliseconds.
 *
 * @param count how many were measured
 * @param curve value by percentile, for plots
 */
public record Distribution(
    long count,
    double mean,
    double p50,
    double p90,
    double p99,
    double p999,
    double max,
    List<Point> curve) {
  private static final double MICROS_PER_MILLI = 1000;

  /** The value, in milliseconds, that this percentage of the times does not exceed. */
  public record Point(double percent, double millis) {}

  static Distribution of(Histogram micros) {
    return new Distribution(
        micros.getTotalCount(),
        micros.getTotalCount() == 0 ? 0 : micros.getMean() / MICROS_PER_MILLI,
        at(micros, 50),
        at(micros, 90),
        at(micros, 99),
        at(micros, 99.9),
        at(micros, 100),
        curve(micros));
  }

  private static double at(Histogram micros, double percentile) {
    return micros.getValueAtPercentile(percentile) / MICROS_PER_MILLI;
  }

  private static List<Point> curve(Histogram micros) {
    List<Point> points = new ArrayList<>();
    for (int percent = 1; percent <= 99; percent++) {
      points.add(new Point(percent, at(micros, percent)));
    }
    points.add(new Point(99.5, at(micros, 99.5)));
    points.add(new Point(99.9, at(micros, 99.9)));
    return points;
  }
}
