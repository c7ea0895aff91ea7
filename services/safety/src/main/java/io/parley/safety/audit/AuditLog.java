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
}
