package io.parley.gateway.messages;

import io.parley.gateway.Principal;
import java.util.Optional;

/**
 * A request that is good enough to be answered, as those see it who keep accounts of it.
 *
 * @param requestId unique
 * @param messageId of the answer, {@code msg_…}
 * @param modelId the model that answers, whatever name the client used
 * @param endUser the client's own user, as {@code metadata.user_id} names it
 * @param serviceTier {@code standard} or {@code batch}
 * @param receivedAtMs when the request came, in milliseconds since 1970
 * @param cacheTtl how long the client wants what it marked to be kept
 */
public record Accepted(
    String requestId,
    String messageId,
    Principal principal,
    String modelId,
    Optional<String> endUser,
    String serviceTier,
    long receivedAtMs,
    CacheTtl cacheTtl) {
  /** The service tier of a request that somebody waits for. */
  public static final String STANDARD = "standard";

  /** The service tier of a request that nobody waits for. */
  public static final String BATCH = "batch";

  /** A request without cache markers. */
  public Accepted(
      String requestId,
      String messageId,
      Principal principal,
      String modelId,
      Optional<String> endUser,
      String serviceTier,
      long receivedAtMs) {
    this(
        requestId,
        messageId,
        principal,
        modelId,
        endUser,
        serviceTier,
        receivedAtMs,
        CacheTtl.FIVE_MINUTES);
  }
}
