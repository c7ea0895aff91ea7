package io.parley.gateway.administration;

import java.util.OptionalLong;

/**
 * What an organisation may take of one model. Empty for no limit; every limit is at least 1.
 *
 * @param model the id of a model, or {@link #EVERY_MODEL} for each that has no limits of its own
 * @param requestsPerMinute requests a minute
 * @param inputTokensPerMinute tokens of prompts a minute
 * @param outputTokensPerMinute generated tokens a minute
 * @param concurrentRequests requests under way at once
 */
public record TierLimits(
    String model,
    OptionalLong requestsPerMinute,
    OptionalLong inputTokensPerMinute,
    OptionalLong outputTokensPerMinute,
    OptionalLong concurrentRequests) {
  public static final String EVERY_MODEL = "*";

  /** Whether it limits nothing. */
  public boolean isEmpty() {
    return requestsPerMinute.isEmpty()
        && inputTokensPerMinute.isEmpty()
        && outputTokensPerMinute.isEmpty()
        && concurrentRequests.isEmpty();
  }
}
