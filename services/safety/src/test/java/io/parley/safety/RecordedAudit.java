package io.parley.safety;

import io.parley.safety.audit.AuditEntry;
import io.parley.safety.audit.AuditLog;
import io.parley.testkit.VirtualTime;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

/** An audit log in memory, which can break, or not answer. */
final class RecordedAudit implements AuditLog {
  final Auditor auditor = new Auditor(this, "rules 7", new VirtualTime());
  volatile boolean broken;
  volatile boolean silent;

  private final List<String> decisions = new CopyOnWriteArrayList<>();

  @Override
  public CompletableFuture<AuditEntry> append(AuditEntry entry) {
    if (broken) {
      return CompletableFuture.failedFuture(new IOException("disk full"));
    }
    if (silent) {
      return new CompletableFuture<>();
    }
    if (entry instanceof AuditEntry.Decision d) {
      decisions.add(
          "%s %s %s: %s by %s"
                  .formatted(d.requestId(), d.gate(), d.modelId(), d.category(), d.policyVersion())
              + (d.findings().isEmpty() ? "" : " " + d.findings()));
    }
    return CompletableFuture.completedFuture(entry);
  }

  List<String> decisions() {
    return List.copyOf(decisions);
  }
}
