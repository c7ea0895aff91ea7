package io.parley.engine;

import io.parley.engine.speculation.Speculation;

/**
 * How a scheduler works, apart from its limits.
 *
 * @param cost what organisations are charged for a token
 * @param prefixCache whether sequences share what they have in common
 * @param speculation whether sequences guess ahead
 * @param swap whether what gives way may wait in host memory
 */
public record SchedulerOptions(
    TokenCost cost, PrefixCacheSettings prefixCache, Speculation speculation, SwapSettings swap) {
  /** Knows nothing of the model's costs, shares nothing, guesses nothing, swaps nothing. */
  public static final SchedulerOptions PLAIN =
      new SchedulerOptions(
          TokenCost.DEFAULT, PrefixCacheSettings.OFF, Speculation.OFF, SwapSettings.OFF);

  public SchedulerOptions with(TokenCost other) {
    return new SchedulerOptions(other, prefixCache, speculation, swap);
  }

  public SchedulerOptions with(PrefixCacheSettings other) {
    return new SchedulerOptions(cost, other, speculation, swap);
  }

  public SchedulerOptions with(Speculation other) {
    return new SchedulerOptions(cost, prefixCache, other, swap);
  }

  public SchedulerOptions with(SwapSettings other) {
    return new SchedulerOptions(cost, prefixCache, speculation, other);
  }
}
