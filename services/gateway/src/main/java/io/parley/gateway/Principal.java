package io.parley.gateway;

import io.parley.ports.model.Share;
import java.util.Optional;
import java.util.Set;

/**
 * Who sends a request: the organisation that answers for it and the key that it came with.
 *
 * @param organisationId whose request it is; nothing of it may become visible to another
 * @param workspaceId the part of the organisation that the key belongs to; empty for the
 *     organisation itself
 * @param apiKeyId the id of the key, never the secret
 * @param scopes what the key is good for
 * @param share what the organisation's tier gives it of the compute
 */
public record Principal(
    String organisationId,
    Optional<String> workspaceId,
    String apiKeyId,
    Set<Scope> scopes,
    Share share) {
  public Principal {
    scopes = Set.copyOf(scopes);
  }
}
