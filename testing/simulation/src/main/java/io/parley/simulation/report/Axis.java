package io.parley.simulation.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * From values to places on one axis, and the round numbers that are written beside it.
 *
 * @param from where it begins; above 0 if it is logarithmic
 * @param to where it ends, above {@code from}
 */
record Axis(double from, double to, boolean logarithmic) {
  private static final int MOST_INTERVALS = 6;
  private static final double[] ROUND = {1, 2, 5, 10};
  private static final double SMALLEST_SHARE = 1e-5;

  /** From 0 (or from the least value, if that is below) to the next round number. */
  static Axis upTo(double least, double most) {
    double top = most > least ? most : least + 1;
    double bottom = Math.min(0, least);
    double step = step(top - bottom);
    return new Axis(bottom, Math.ceil(top / step - 1e-9) * step, false);
  }

  /** Exactly as far as the values go. */
  static Axis between(double least, double most) {
    return new Axis(least, most > least ? most : least + 1, false);
  }

  /** Round numbers around the values; those below a 100,000th of the largest are left out. */
  static Axis logarithmic(double least, double most) {
    double top = most > 0 ? most : 1;
    double bottom = Math.clamp(least, top * SMALLEST_SHARE, top / 2);
    return new Axis(roundDown(bottom), roundUp(top), true);
  }

  private static double roundDown(double value) {
    double power = Math.pow(10, Math.floor(Math.log10(value)));
    double share = value / power;
    return power * (share >= 5 ? 5 : share >= 2 ? 2 : 1);
  }

  private static double roundUp(double value) {
    double down = roundDown(value);
    return down >= value ? down : roundDown(down * 2.5);
  }

  /** Where a value lies: 0 at the beginning, 1 at the end; what is beyond lies at the end. */
  double share(double value) {
    double share =
        logarithmic
            ? Math.log(Math.max(value, from) / from) / Math.log(to / from)
            : (value - from) / (to - from);
    return Math.clamp(share, 0, 1);
  }

  /** Rising. */
  List<Double> ticks() {
    List<Double> ticks = new ArrayList<>();
    if (logarithmic) {
      for (double tick = from; tick <= to * 1.001; tick = roundUp(tick * 1.001)) {
        ticks.add(tick);
      }
      return ticks.size() > MOST_INTERVALS + 1
          ? ticks.stream().filter(Axis::isPower).toList()
          : ticks;
    }
    double step = step(to - from);
    for (long i = (long) Math.ceil(from / step - 1e-9); i * step <= to + 1e-9 * step; i++) {
      ticks.add(i * step);
    }
    return ticks;
  }

  private static boolean isPower(double tick) {
    double exponent = Math.log10(tick);
    return Math.abs(exponent - Math.rint(exponent)) < 1e-6;
  }

  /** The least round step that is not too small. */
  private static double step(double range) {
    double least = range / MOST_INTERVALS;
    double power = Math.pow(10, Math.floor(Math.log10(least)));
    for (double round : ROUND) {
      if (round * power >= least * (1 - 1e-9)) {
        return round * power;
      }
    }
    return 10 * power;
  }

  /** A tick as text. */
  static String text(double tick) {
    if (tick == Math.rint(tick)) {
      return String.format(Locale.ROOT, "%,.0f", tick);
    }
    return String.format(Locale.ROOT, Math.abs(tick) >= 0.1 ? "%.1f" : "%.3f", tick);
  }
}
