package io.parley.safety.audit;

import java.util.List;

/**
 * What a log was found to be.
 *
 * @param entries that are whole and in their place
 * @param begin where the log begins: after what was retired
 * @param end where it ends
 * @param tornBytes bytes at the end that are no whole entry: a crash left them, or one is being
 *     written; they were never acknowledged
 * @param problems what is wrong, in the order of the log
 */
public record AuditReport(
    long entries, ChainPoint begin, ChainPoint end, long tornBytes, List<String> problems) {
  public AuditReport {
    problems = List.copyOf(problems);
  }

  public boolean isSound() {
    return problems.isEmpty();
  }
}
