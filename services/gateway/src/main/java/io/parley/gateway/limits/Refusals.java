package io.parley.gateway.limits;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;

/** Counts what limits refuse, by limit. Thread-safe. */
record Refusals(MeterRegistry meters) {
  /** The money of the month is spent. */
  static final String BUDGET = "budget";

  /** What is left of it is held by requests under way. */
  static final String BUDGET_HELD = "budget_held";

  void by(Limit limit) {
    by(limit.name().toLowerCase(Locale.ROOT));
  }

  void by(String limit) {
    meters.counter("parley.limits.refusals", "limit", limit).increment();
  }
}
