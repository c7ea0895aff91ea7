package io.parley.gateway.batches;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * A batch.
 *
 * @param requests how many it has
 * @param counts how many came to what; all zero until it has ended
 */
public record Batch(
    String id,
    long requests,
    Instant createdAt,
    Instant expiresAt,
    Optional<Instant> cancelInitiatedAt,
    Optional<Instant> endedAt,
    Map<BatchOutcome, Long> counts) {
  public Batch {
    counts = Map.copyOf(counts);
  }

  /** Requests that it is still at work on; all of them until it has ended. */
  public long processing() {
    return endedAt.isPresent() ? 0 : requests;
  }

  public long count(BatchOutcome outcome) {
    return counts.getOrDefault(outcome, 0L);
  }

  /** {@code in_progress}, {@code canceling} or {@code ended}. */
  public String processingStatus() {
    if (endedAt.isPresent()) {
      return "ended";
    }
    return cancelInitiatedAt.isPresent() ? "canceling" : "in_progress";
  }
}
