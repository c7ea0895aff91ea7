package io.parley.safety;

import io.parley.common.TimeSource;
import io.parley.safety.audit.AuditEntry;
import io.parley.safety.audit.AuditLog;
import java.util.Locale;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;

/**
 * Writes the decisions of the gates into the audit log. Thread-safe.
 *
 * @param policyVersion of the rules that decide
 */
public record Auditor(AuditLog log, String policyVersion, TimeSource time) {
  /** For gates whose decisions nobody asks about later, such as those of a benchmark. */
  public static final Auditor NONE =
      new Auditor(entry -> CompletableFuture.completedFuture(entry), "", TimeSource.system());

  /**
   * Writes one decision down.
   *
   * @param category why the text was refused; empty if it was not
   * @param findings what was found in it, and how often
   * @return see {@link AuditLog#append}
   */
  CompletableFuture<AuditEntry> decided(
      GateContext context,
      Refusal.Gate gate,
      String category,
      SortedMap<String, Integer> findings) {
    return log.append(
        new AuditEntry.Decision(
            time.now(),
            context.requestId(),
            context.organisationId(),
            context.modelId(),
            gate.name().toLowerCase(Locale.ROOT),
            category,
            policyVersion,
            findings));
  }
}
