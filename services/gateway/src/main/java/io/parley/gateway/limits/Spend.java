package io.parley.gateway.limits;

import java.time.YearMonth;

/** What organisations have spent, as it is written down. Thread-safe; may block. */
@FunctionalInterface
public interface Spend {
  /** Nothing is written down. */
  Spend NONE = (organisationId, month) -> 0;

  /**
   * What an organisation has spent in a month (UTC) so far, in millionths of the currency of the
   * prices.
   */
  long micros(String organisationId, YearMonth month);
}
