package io.parley.safety.audit;

import java.time.Duration;

/**
 * The limits of an audit log.
 *
 * @param retention how long entries are kept at least; a file goes when its last entry is older
 * @param maxSegmentBytes a file that is larger is followed by a new one
 * @param maxWaiting entries that wait to be written; one more fails with OVERLOADED
 */
public record AuditLimits(Duration retention, long maxSegmentBytes, int maxWaiting) {
  public static final AuditLimits DEFAULTS =
      new AuditLimits(Duration.ofDays(365), 64 << 20, 16_384);

  public AuditLimits {
    if (retention.compareTo(Duration.ofDays(1)) < 0) {
      throw new IllegalArgumentException("entries must be kept for a day at least");
    }
    if (maxSegmentBytes < 1 || maxWaiting < 1) {
      throw new IllegalArgumentException("limits must be at least 1");
    }
  }

  /** The defaults with another retention. */
  public static AuditLimits keptFor(Duration retention) {
    return new AuditLimits(retention, DEFAULTS.maxSegmentBytes, DEFAULTS.maxWaiting);
  }
}
