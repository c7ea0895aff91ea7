package io.parley.gateway.limits;

import io.parley.ports.model.ModelDescriptor;
import io.parley.ports.model.Usage;
import java.time.Instant;

/**
 * What asks to be let in.
 *
 * @param id unique among all replicas
 * @param inputTokens about what the prompt takes
 * @param maxTokens what the client lets the answer take at most
 * @param at when it came
 */
record Request(
    long id,
    String organisationId,
    ModelDescriptor model,
    int inputTokens,
    int maxTokens,
    Instant at) {

  /** What the answer may take at most if the prompt takes what is thought. */
  int outputTokens() {
    return outputTokens(inputTokens);
  }

  /** What the answer may take at most. */
  int outputTokens(Usage prompt) {
    return outputTokens(
        (long) prompt.inputTokens() + prompt.cacheCreationTokens() + prompt.cacheReadTokens());
  }

  private int outputTokens(long promptTokens) {
    return (int) Math.min(maxTokens, Math.max(1, model.contextTokens() - promptTokens));
  }
}
