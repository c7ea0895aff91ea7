package io.parley.chat.oidc;

import java.net.URI;
import java.util.Optional;

/**
 * A provider as it is configured.
 *
 * @param id names it in paths
 * @param name for people
 * @param issuer where it tells about itself, at {@code /.well-known/openid-configuration}
 * @param clientSecret empty for a public client, which is protected by PKCE alone
 */
public record OidcProvider(
    String id, String name, URI issuer, String clientId, Optional<String> clientSecret) {
  /** Secrets stay out of logs. */
  @Override
  public String toString() {
    return "OidcProvider " + id + " at " + issuer;
  }
}
