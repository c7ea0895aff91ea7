package io.parley.gateway.messages;

import org.jdbi.v3.core.Handle;

/** Writes down what requests came to. Thread-safe. */
@FunctionalInterface
public interface Ledger {
  /**
   * Writes one conclusion down, in a transaction that all ledgers share: either all of them have it
   * or none. May run again for the same request, and then changes nothing.
   */
  void write(Handle transaction, Conclusion conclusion);

  /** Whether there is anything for it to write down; a transaction is dearer than a journal. */
  default boolean concerns(Conclusion conclusion) {
    return true;
  }
}
