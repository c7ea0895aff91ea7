package io.parley.gateway.administration;

import io.parley.common.ParleyException;
import io.parley.gateway.Scope;
import io.parley.gateway.identity.KeyKind;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A key to be made.
 *
 * @param workspaceId where it is to belong; empty for the organisation itself, as for every admin
 *     key
 * @param scopes what it is to be good for, of what its kind can be
 * @param expiresAt when it is to stop by itself; empty for never
 */
public record KeySpec(
    KeyKind kind,
    String name,
    Optional<String> workspaceId,
    Set<Scope> scopes,
    Optional<Instant> expiresAt) {
  public KeySpec {
    name = Texts.name("name", name, Texts.MAX_KEY_NAME_CHARS);
    scopes = Set.copyOf(scopes);
    if (scopes.isEmpty() || !kind.scopes().containsAll(scopes)) {
      throw ParleyException.invalid(
          "scopes: must be at least one of "
              + kind.scopes().stream()
                  .sorted()
                  .map(Scope::wireName)
                  .collect(Collectors.joining(", ")));
    }
    if (kind != KeyKind.API && workspaceId.isPresent()) {
      throw ParleyException.invalid(
          "workspace_id: must be absent: only an API key belongs to a workspace");
    }
  }

  /** A key of all scopes that does not expire. */
  public static KeySpec of(KeyKind kind, String name) {
    return new KeySpec(kind, name, Optional.empty(), kind.scopes(), Optional.empty());
  }
}
