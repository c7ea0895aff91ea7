package io.parley.safety.audit;

import java.util.concurrent.CompletableFuture;

/** Takes entries of the audit log. Thread-safe. */
@FunctionalInterface
public interface AuditLog {
  /**
   * Writes an entry down, after all that were given before it.
   *
   * @return completes with the entry when it is written and survives the death of the process;
   *     fails with a {@link io.parley.common.ParleyException} if it cannot be written. What was
   *     decided must then not be acted upon
   */
  CompletableFuture<AuditEntry> append(AuditEntry entry);

  /**
   * The same for a caller that is going to wait for it and may block: the entry may be written on
   * the caller's own thread, which saves two hand-overs. It may come before entries that others
   * gave before it.
   */
  default CompletableFuture<AuditEntry> write(AuditEntry entry) {
    return append(entry);
  }
}
