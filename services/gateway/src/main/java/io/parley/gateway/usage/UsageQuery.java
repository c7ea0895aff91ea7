package io.parley.gateway.usage;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a report is to sum up.
 *
 * @param from where it begins: at a full minute for buckets of a minute, at a full hour for others;
 *     the first bucket may be a part of one
 * @param to where it ends, exclusive; likewise
 * @param by what to tell apart beside the buckets
 * @param only what to leave out: of each dimension that is here, everything but those values; at
 *     most {@value #MAX_VALUES} each, none of them empty
 */
public record UsageQuery(
    Instant from,
    Instant to,
    BucketWidth width,
    Set<Dimension> by,
    Map<Dimension, List<String>> only) {
  public static final int MAX_VALUES = 1_000;

  public UsageQuery {
    by = Set.copyOf(by);
    only = Map.copyOf(only);
    if (!isStored(width, from) || !isStored(width, to)) {
      throw new IllegalArgumentException("not in whole sums: " + from + " to " + to);
    }
  }

  private static boolean isStored(BucketWidth width, Instant time) {
    return time.toEpochMilli() % width.storedMillis() == 0;
  }

  /** Everything in a stretch of time. */
  public static UsageQuery of(Instant from, Instant to, BucketWidth width, Set<Dimension> by) {
    return new UsageQuery(from, to, width, by, Map.of());
  }
}
