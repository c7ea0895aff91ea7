package io.parley.gateway.administration;

import io.parley.gateway.Scope;
import io.parley.gateway.identity.KeyKind;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * What is known of a key; its secret is not.
 *
 * @param name for people
 * @param workspaceId where it belongs; empty for the organisation itself
 * @param shownPrefix the beginning of the secret
 * @param status as of the moment of the reading
 * @param expiresAt when it stops by itself; empty for never
 * @param lastUsedAt to the minute; empty as long as it was not used
 */
public record ApiKey(
    KeyKind kind,
    String id,
    String name,
    Optional<String> workspaceId,
    String shownPrefix,
    KeyStatus status,
    Set<Scope> scopes,
    Actor createdBy,
    Instant createdAt,
    Optional<Instant> expiresAt,
    Optional<Instant> lastUsedAt) {
  public ApiKey {
    scopes = Set.copyOf(scopes);
  }
}
