package io.parley.gateway.usage;

/**
 * What stands between the events that are written down and the rows that reports read. Thread-safe.
 */
@FunctionalInterface
public interface Posting {
  /** For rows that are written in the transaction of their request. */
  Posting IMMEDIATE = () -> {};

  /**
   * Waits until the rows have every event that was written down before this call.
   *
   * @throws io.parley.common.ParleyException OVERLOADED if that takes too long
   */
  void await();
}
