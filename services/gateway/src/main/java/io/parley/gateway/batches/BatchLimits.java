package io.parley.gateway.batches;

import java.time.Duration;

/**
 * What batches may take. The bytes of a batch are bounded by those of any body.
 *
 * @param maxRequests requests of one batch; more are refused with INVALID_REQUEST
 * @param maxOpen batches of one organisation that are not through; one more is refused with
 *     RATE_LIMIT
 * @param maxRunning requests of all batches that run at the same time; the others wait
 * @param maxAttempts how often a request is tried that a fault of the server ends; then it has
 *     errored
 * @param life how long a batch may take; requests that have not begun by then expire
 * @param maxPause how long a batch waits at most after a request for which there was no room; at
 *     least {@link #MIN_PAUSE}
 */
public record BatchLimits(
    int maxRequests,
    int maxOpen,
    int maxRunning,
    int maxAttempts,
    Duration life,
    Duration maxPause) {
  /** How long a batch waits at least after a request for which there was no room. */
  public static final Duration MIN_PAUSE = Duration.ofMillis(100);

  public static final BatchLimits DEFAULTS =
      new BatchLimits(10_000, 100, 32, 3, Duration.ofHours(24), Duration.ofMinutes(1));

  public BatchLimits {
    if (maxRequests < 1 || maxOpen < 1 || maxRunning < 1 || maxAttempts < 1) {
      throw new IllegalArgumentException("limits of batches must be at least 1");
    }
    if (maxPause.compareTo(MIN_PAUSE) < 0) {
      throw new IllegalArgumentException("maxPause must be at least " + MIN_PAUSE);
    }
  }
}
