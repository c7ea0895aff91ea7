package io.parley.engine;

import io.parley.engine.speculation.Speculation;

/**
 * How a scheduler works, apart from its limits.
 *
 * @param cost what organisations are charged for a token
 * @param prefixCache whether sequences share what they have in common
 * @param speculation whether sequences guess ahead
 */
public record SchedulerOptions(
    TokenCost cost, PrefixCacheSettings prefixCache, Speculation speculation) {
  /** Knows nothing of the model's costs, shares nothing, guesses nothing. */
  public static final SchedulerOptions PLAIN =
      new SchedulerOptions(TokenCost.DEFAULT, PrefixCacheSettings.OFF, Speculation.OFF);

  public SchedulerOptions with(TokenCost other) {
    return new SchedulerOptions(other, prefixCache, speculation);
  }

  public SchedulerOptions with(PrefixCacheSettings other) {
    return new SchedulerOptions(cost, other, speculation);
  }

  public SchedulerOptions with(Speculation other) {
    return new SchedulerOptions(cost, prefixCache, other);
  }
}
