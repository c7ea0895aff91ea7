package io.parley.gateway.messages;

import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import io.parley.gateway.Authenticator;
import io.parley.gateway.Principal;
import io.parley.gateway.Scope;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The first stage: who calls, and by which version of the API. Thread-safe; blocks as long as the
 * authenticator does.
 */
public final class Authentication {
  private static final int MAX_SECRET_CHARS = 512;
  private static final String BEARER = "bearer ";

  /** Every version of the Messages API that clients are known to send; all mean the same here. */
  private static final List<String> VERSIONS =
      List.of("2023-01-01", "2023-06-01", "2026-05-01", "2026-10-21");

  private final Authenticator authenticator;

  public Authentication(Authenticator authenticator) {
    this.authenticator = authenticator;
  }

  /**
   * Who sends this request. A key that is unknown, inactive or expired is refused in the same
   * words.
   *
   * @param needed what the key must be good for
   * @throws ParleyException AUTHENTICATION without a good key, PERMISSION if it lacks the scope,
   *     INVALID_REQUEST without a known version
   */
  public Principal principal(RequestHead head, Scope needed) {
    String secret =
        secret(head)
            .orElseThrow(
                () ->
                    refused("x-api-key: header is required (or authorization: Bearer with a key)"));
    Principal principal =
        authenticator.authenticate(secret).orElseThrow(() -> refused("invalid x-api-key"));
    if (!principal.scopes().contains(needed)) {
      throw new ParleyException(
          ErrorCode.PERMISSION, "x-api-key: the key lacks the scope \"" + needed.wireName() + "\"");
    }
    checkVersion(head.apiVersion());
    return principal;
  }

  private static Optional<String> secret(RequestHead head) {
    return present(head.apiKey())
        .or(() -> present(bearer(head.authorization())))
        .filter(secret -> secret.length() <= MAX_SECRET_CHARS);
  }

  private static @Nullable String bearer(@Nullable String authorization) {
    if (authorization == null
        || !authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      return null;
    }
    return authorization.substring(BEARER.length());
  }

  private static Optional<String> present(@Nullable String header) {
    return Optional.ofNullable(header).map(String::strip).filter(value -> !value.isEmpty());
  }

  private static void checkVersion(@Nullable String version) {
    if (version == null) {
      throw ParleyException.invalid("anthropic-version: header is required");
    }
    if (!VERSIONS.contains(version.strip())) {
      throw ParleyException.invalid(
          "anthropic-version: must be one of " + String.join(", ", VERSIONS));
    }
  }

  private static ParleyException refused(String message) {
    return new ParleyException(ErrorCode.AUTHENTICATION, message);
  }
}
