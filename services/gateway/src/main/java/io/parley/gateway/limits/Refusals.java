package io.parley.gateway.limits;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;

/** Counts what limits refuse, by limit. Thread-safe. */
record Refusals(MeterRegistry meters) {
  Refusals {
    // All of them are there from the start, so that the first refusal is an increase.
    for (Limit limit : Limit.values()) {
      counter(meters, name(limit));
    }
    counter(meters, BUDGET);
    counter(meters, BUDGET_HELD);
  }

  /** The money of the month is spent. */
  static final String BUDGET = "budget";

  /** What is left of it is held by requests under way. */
  static final String BUDGET_HELD = "budget_held";

  void by(Limit limit) {
    by(name(limit));
  }

  void by(String limit) {
    counter(meters, limit).increment();
  }

  private static String name(Limit limit) {
    return limit.name().toLowerCase(Locale.ROOT);
  }

  private static Counter counter(MeterRegistry meters, String limit) {
    return meters.counter("parley.limits.refusals", "limit", limit);
  }
}
