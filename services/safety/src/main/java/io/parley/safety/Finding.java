package io.parley.safety;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Personal data that a gate found, without the data.
 *
 * @param count how many times, at least 1
 * @param action what is done with it; never {@link PiiAction#OFF}
 */
public record Finding(PiiKind kind, int count, PiiAction action) {
  public Finding {
    if (count < 1 || action == PiiAction.OFF) {
      throw new IllegalArgumentException("nothing is found: " + count + " " + action);
    }
  }

  /** One finding for each kind and action of the given ones. */
  public static List<Finding> sum(List<Finding> findings) {
    Map<PiiKind, Map<PiiAction, Integer>> counts = new EnumMap<>(PiiKind.class);
    for (Finding each : findings) {
      counts
          .computeIfAbsent(each.kind, kind -> new EnumMap<>(PiiAction.class))
          .merge(each.action, each.count, Integer::sum);
    }
    List<Finding> sums = new ArrayList<>();
    counts.forEach(
        (kind, byAction) ->
            byAction.forEach((action, count) -> sums.add(new Finding(kind, count, action))));
    return List.copyOf(sums);
  }
}
