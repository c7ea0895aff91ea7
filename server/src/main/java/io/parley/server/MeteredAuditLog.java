package io.parley.server;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.parley.safety.audit.AuditEntry;
import io.parley.safety.audit.AuditLog;
import java.util.concurrent.CompletableFuture;

/**
 * An audit log that counts: {@code parley.audit.entries} that were written down, {@code
 * parley.audit.failures} that could not be. Thread-safe.
 */
final class MeteredAuditLog implements AuditLog {
  private final AuditLog log;
  private final Counter entries;
  private final Counter failures;

  MeteredAuditLog(AuditLog log, MeterRegistry meters) {
    this.log = log;
    this.entries = meters.counter("parley.audit.entries");
    this.failures = meters.counter("parley.audit.failures");
  }

  @Override
  public CompletableFuture<AuditEntry> append(AuditEntry entry) {
    return counted(log.append(entry));
  }

  @Override
  public CompletableFuture<AuditEntry> write(AuditEntry entry) {
    return counted(log.write(entry));
  }

  private CompletableFuture<AuditEntry> counted(CompletableFuture<AuditEntry> writing) {
    return writing.whenComplete(
        (written, failure) -> (failure == null ? entries : failures).increment());
  }
}
