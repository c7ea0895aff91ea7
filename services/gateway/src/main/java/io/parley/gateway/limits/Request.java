package io.parley.gateway.limits;

import io.parley.gateway.messages.Accepted;
import io.parley.ports.model.ModelDescriptor;
import io.parley.ports.model.Usage;
import java.time.Instant;

/**
 * What asks to be let in.
 *
 * @param id unique among all replicas
 * @param accepted what is known of it
 * @param inputTokens about what the prompt takes
 * @param maxTokens what the client lets the answer take at most
 */
record Request(long id, Accepted accepted, ModelDescriptor model, int inputTokens, int maxTokens) {
  String organisationId() {
    return accepted.principal().organisationId();
  }

  /** When it came. */
  Instant at() {
    return Instant.ofEpochMilli(accepted.receivedAtMs());
  }

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
