package io.parley.gateway.usage;

import io.parley.gateway.messages.Accepted;
import io.parley.gateway.messages.Conclusion;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What one request took and what that cost. The same conclusion always makes the same event.
 *
 * @param outcome {@code answered}, {@code failed} or {@code abandoned}
 * @param reason the stop reason, or the type of the error; empty for what was abandoned
 * @param endedAt decides which sums it counts in, and which price; of whole milliseconds
 * @param ttftMs from the request to the first text
 * @param nanos what the tokens cost, in billionths of the currency
 */
public record UsageEvent(
    Origin origin,
    String outcome,
    Optional<String> reason,
    Instant endedAt,
    long queueMs,
    OptionalLong ttftMs,
    ContextWindow contextWindow,
    ByKind tokens,
    String currency,
    ByKind nanos) {

  /**
   * Whose request it was.
   *
   * @param requestId unique among all events
   * @param workspaceId empty for the organisation itself
   * @param endUser the client's own user
   * @param receivedAtMs milliseconds since 1970
   */
  public record Origin(
      String requestId,
      String messageId,
      String organisationId,
      String workspaceId,
      String apiKeyId,
      Optional<String> endUser,
      String modelId,
      String serviceTier,
      long receivedAtMs) {
    static Origin of(Accepted request) {
      return new Origin(
          request.requestId(),
          request.messageId(),
          request.principal().organisationId(),
          request.principal().workspaceId().orElse(""),
          request.principal().apiKeyId(),
          request.endUser(),
          request.modelId(),
          request.serviceTier(),
          request.receivedAtMs());
    }
  }

  /**
   * The event of a request. An answer that failed costs nothing, whatever was computed for it: the
   * fault is the server's, and clients send it again.
   */
  public static UsageEvent of(Conclusion conclusion, PriceTable prices) {
    Accepted request = conclusion.request();
    ByKind tokens = ByKind.tokens(conclusion.usage(), request.cacheTtl());
    Instant endedAt = Instant.ofEpochMilli(request.receivedAtMs() + conclusion.totalMs());
    boolean failed = conclusion.outcome() instanceof Conclusion.Outcome.Failed;
    return new UsageEvent(
        Origin.of(request),
        outcome(conclusion.outcome()),
        reason(conclusion.outcome()),
        endedAt,
        conclusion.queueMs(),
        conclusion.ttftMs(),
        ContextWindow.of(tokens),
        tokens,
        prices.currency().getCurrencyCode(),
        failed
            ? ByKind.ZERO
            : prices.nanos(request.modelId(), request.serviceTier(), tokens, endedAt));
  }

  private static String outcome(Conclusion.Outcome outcome) {
    return switch (outcome) {
      case Conclusion.Outcome.Answered answered -> "answered";
      case Conclusion.Outcome.Failed failed -> "failed";
      case Conclusion.Outcome.Abandoned abandoned -> "abandoned";
    };
  }

  private static Optional<String> reason(Conclusion.Outcome outcome) {
    return switch (outcome) {
      case Conclusion.Outcome.Answered answered -> Optional.of(answered.stopReason());
      case Conclusion.Outcome.Failed failed -> Optional.of(failed.code().wireName());
      case Conclusion.Outcome.Abandoned abandoned -> Optional.empty();
    };
  }
}
