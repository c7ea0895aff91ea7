package io.parley.gateway.usage;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * A line of a report.
 *
 * @param bucket when its bucket begins
 * @param group what it is the sum of, by the dimensions that were asked for
 * @param currency the ISO 4217 code of the amounts
 * @param requests how many
 * @param nanos what the tokens cost, in billionths of the currency
 */
public record UsageSum(
    Instant bucket,
    Map<Dimension, String> group,
    String currency,
    long requests,
    ByKind tokens,
    ByKind nanos) {
  public UsageSum {
    group = Map.copyOf(group);
  }

  /**
   * What it is the sum of; empty if that was not asked for, and for the workspace of keys that
   * belong to none.
   */
  public Optional<String> of(Dimension dimension) {
    return Optional.ofNullable(group.get(dimension)).filter(value -> !value.isEmpty());
  }
}
