package io.parley.gateway.usage.journal;

import java.time.Duration;

/**
 * The limits of a journal.
 *
 * @param maxWaiting events that wait to be written; one more is refused
 * @param maxUnposted events that are written and not yet posted; at more of them, as when the
 *     database takes no writes, further ones are refused
 * @param segmentBytes length from which on a new file is begun
 * @param maxPosted events that are posted in one transaction
 * @param gathering how long events gather before they are posted, unless somebody waits for them
 * @param patience how long somebody waits for events to be posted, and then gives up
 */
public record JournalLimits(
    int maxWaiting,
    long maxUnposted,
    long segmentBytes,
    int maxPosted,
    Duration gathering,
    Duration patience) {
  public static final JournalLimits DEFAULTS =
      new JournalLimits(
          8_192, 1_000_000, 16L << 20, 500, Duration.ofMillis(100), Duration.ofSeconds(10));

  public JournalLimits {
    if (maxWaiting < 1 || maxUnposted < 1 || segmentBytes < 1 || maxPosted < 1) {
      throw new IllegalArgumentException("limits must be at least 1");
    }
  }
}
