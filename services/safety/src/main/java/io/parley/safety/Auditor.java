package io.parley.safety;

import io.parley.common.TimeSource;
import io.parley.safety.audit.AuditEntry;
import io.parley.safety.audit.AuditLog;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;

/**
 * Writes the decisions of the gates into the audit log. Thread-safe.
 *
 * @param versions tells of the id of a model the version of what decides for it
 */
public record Auditor(AuditLog log, UnaryOperator<String> versions, TimeSource time) {
  /** For gates whose decisions nobody asks about later, such as those of a benchmark. */
  public static final Auditor NONE =
      new Auditor(entry -> CompletableFuture.completedFuture(entry), "", TimeSource.system());

  /** Writes down what one version decides, whatever the model. */
  public Auditor(AuditLog log, String version, TimeSource time) {
    this(log, model -> version, time);
  }

  /**
   * Writes one decision down.
   *
   * @param category why the text was refused; empty if it was not
   * @param findings what was found in it, and how often
   * @return see {@link AuditLog#append}
   */
  CompletableFuture<AuditEntry> decided(
      GateContext context, Refusal.Gate gate, String category, List<Finding> findings) {
    return log.append(entry(context, gate, category, findings));
  }

  /** The same for a caller that waits for it and may block; see {@link AuditLog#write}. */
  CompletableFuture<AuditEntry> decidedHere(
      GateContext context, Refusal.Gate gate, String category, List<Finding> findings) {
    return log.write(entry(context, gate, category, findings));
  }

  private AuditEntry entry(
      GateContext context, Refusal.Gate gate, String category, List<Finding> findings) {
    return new AuditEntry.Decision(
        time.now(),
        context.requestId(),
        context.organisationId(),
        context.modelId(),
        gate.name().toLowerCase(Locale.ROOT),
        category,
        versions.apply(context.modelId()),
        counts(findings));
  }

  /** Such as {@code email:mask}, and how often. */
  private static SortedMap<String, Integer> counts(List<Finding> findings) {
    SortedMap<String, Integer> counts = new TreeMap<>();
    for (Finding each : findings) {
      String name = each.kind().wireName() + ":" + each.action().wireName();
      counts.merge(name, each.count(), Integer::sum);
    }
    return counts;
  }
}
