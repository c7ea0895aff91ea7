package io.parley.engine;

import io.parley.engine.speculation.Speculation;

/**
 * How a scheduler works, apart from its limits.
 *
 * @param cost what organisations are charged for a token
 * @param prefixCache whether sequences share what they have in common
 * @param speculation whether sequences guess ahead
 * @param swap whether what gives way may wait in host memory
 * @param waitLimits how long sequences may have to wait
 */
public record SchedulerOptions(
    TokenCost cost,
    PrefixCacheSettings prefixCache,
    Speculation speculation,
    SwapSettings swap,
    WaitLimits waitLimits) {
  /** Knows nothing of the model's costs, shares nothing, guesses nothing, swaps nothing. */
  public static final SchedulerOptions PLAIN =
      new SchedulerOptions(
          TokenCost.DEFAULT,
          PrefixCacheSettings.OFF,
          Speculation.OFF,
          SwapSettings.OFF,
          WaitLimits.NONE);

  public SchedulerOptions with(TokenCost other) {
    return new SchedulerOptions(other, prefixCache, speculation, swap, waitLimits);
  }

  public SchedulerOptions with(PrefixCacheSettings other) {
    return new SchedulerOptions(cost, other, speculation, swap, waitLimits);
  }

  public SchedulerOptions with(Speculation other) {
    return new SchedulerOptions(cost, prefixCache, other, swap, waitLimits);
  }

  public SchedulerOptions with(SwapSettings other) {
    return new SchedulerOptions(cost, prefixCache, speculation, other, waitLimits);
  }

  public SchedulerOptions with(WaitLimits other) {
    return new SchedulerOptions(cost, prefixCache, speculation, swap, other);
  }
}
