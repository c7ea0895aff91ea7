package io.parley.gateway.limits;

import io.parley.ports.model.Usage;
import java.time.Instant;

/** What generations cost. Thread-safe; does not block. */
@FunctionalInterface
public interface Prices {
  /** Nothing has a price. */
  Prices NONE = (modelId, usage, at) -> 0;

  /**
   * The price of one generation, in millionths of the currency; 0 if the model has no price then.
   *
   * @param at when it was asked for
   */
  long micros(String modelId, Usage usage, Instant at);
}
