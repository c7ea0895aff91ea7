package io.parley.safety.audit;

import java.time.Instant;
import java.util.SortedMap;
import java.util.TreeMap;

/** One entry of the audit log. Times are kept to the millisecond. */
public sealed interface AuditEntry {
  /** When it was written down. */
  Instant at();

  /**
   * A gate decided about a text.
   *
   * @param gate {@code input} or {@code output}
   * @param category why it was refused; empty if it was allowed
   * @param policyVersion of the rules that were in force
   * @param findings what was found in the text, such as {@code email:mask}, and how often
   */
  record Decision(
      Instant at,
      String requestId,
      String organisationId,
      String modelId,
      String gate,
      String category,
      String policyVersion,
      SortedMap<String, Integer> findings)
      implements AuditEntry {
    public Decision {
      findings = new TreeMap<>(findings);
    }

    public boolean allowed() {
      return category.isEmpty();
    }
  }

  /**
   * Old segments were deleted because their time was over; the log begins after them.
   *
   * @param through the last entry in them
   */
  record Retired(Instant at, ChainPoint through) implements AuditEntry {}
}
