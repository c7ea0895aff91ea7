package io.parley.gateway.limits;

import io.parley.gateway.administration.TierLimits;
import java.util.List;
import java.util.OptionalLong;

/**
 * What the tier of an organisation lets it take.
 *
 * @param monthlyBudgetMicros empty for no budget
 * @param limits by model, one entry a model at most
 */
record Terms(OptionalLong monthlyBudgetMicros, List<TierLimits> limits) {
  private static final OptionalLong NO_LIMIT = OptionalLong.empty();

  /** Of who is not known: it gets nothing from a limiter, and nothing is kept of it. */
  static final Terms NONE = new Terms(NO_LIMIT, List.of());

  Terms {
    limits = List.copyOf(limits);
  }

  /** Limits of the model itself, otherwise those of every model; none if there are neither. */
  TierLimits of(String modelId) {
    return named(modelId, named(TierLimits.EVERY_MODEL, unlimited(modelId)));
  }

  private TierLimits named(String model, TierLimits otherwise) {
    for (TierLimits one : limits) {
      if (one.model().equals(model)) {
        return one;
      }
    }
    return otherwise;
  }

  private static TierLimits unlimited(String modelId) {
    return new TierLimits(modelId, NO_LIMIT, NO_LIMIT, NO_LIMIT, NO_LIMIT);
  }
}
