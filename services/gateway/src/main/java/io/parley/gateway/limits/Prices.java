package io.parley.gateway.limits;

import io.parley.gateway.messages.Accepted;
import io.parley.ports.model.Usage;

/** What generations cost. Thread-safe; does not block. */
@FunctionalInterface
public interface Prices {
  /** Nothing has a price. */
  Prices NONE = (request, usage) -> 0;

  /** What a request costs that took this, in millionths of the currency, rounded up. */
  long micros(Accepted request, Usage usage);
}
