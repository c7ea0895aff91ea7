package io.parley.gateway.idempotency;

/**
 * How long a key counts.
 *
 * @param keptMs milliseconds from the first request with a key for which the key means that request
 * @param leaseMs milliseconds after which a key may be taken over whose server died with its answer
 *     under way; renewed three times as often, as long as the server lives
 */
public record IdempotencyLimits(long keptMs, long leaseMs) {
  public static final IdempotencyLimits DEFAULTS = new IdempotencyLimits(86_400_000, 30_000);

  public IdempotencyLimits {
    if (keptMs < 1 || leaseMs < 3) {
      throw new IllegalArgumentException(
          "keptMs must be at least 1 and leaseMs at least 3: " + keptMs + ", " + leaseMs);
    }
  }

  /** Milliseconds between two calls of {@link Claims#upkeep}. */
  public long upkeepMs() {
    return leaseMs / 3;
  }
}
