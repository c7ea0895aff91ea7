package io.parley.simulation.fleet;

import java.util.Map;
import java.util.TreeMap;

/**
 * Which share of the requests fleets of several sizes served well, and what lies between: the
 * logarithm of the odds is taken as linear in the logarithm of the size. Not thread-safe.
 */
final class SizeCurve {
  /** Odds of a share of 0 or 1 would be infinite. */
  private static final double LEAST_SHARE = 1e-6;

  private final TreeMap<Integer, Double> shares = new TreeMap<>();

  void add(int devices, double share) {
    shares.put(devices, share);
  }

  /**
   * The size that comes to a share: the largest one, if the curve is not quite even. Outside of the
   * curve the size at its end. There must be a point.
   */
  double devicesAt(double share) {
    Map.Entry<Integer, Double> above = shares.lastEntry();
    for (Map.Entry<Integer, Double> below : shares.descendingMap().entrySet()) {
      if (below.getValue() <= share) {
        return between(below, above, share);
      }
      above = below;
    }
    return above.getKey();
  }

  private static double between(
      Map.Entry<Integer, Double> below, Map.Entry<Integer, Double> above, double share) {
    double from = logOdds(below.getValue());
    double to = logOdds(above.getValue());
    double part = to > from ? Math.min(1, (logOdds(share) - from) / (to - from)) : 0;
    return below.getKey() * Math.pow((double) above.getKey() / below.getKey(), part);
  }

  private static double logOdds(double share) {
    double inside = Math.clamp(share, LEAST_SHARE, 1 - LEAST_SHARE);
    return Math.log(inside / (1 - inside));
  }
}
