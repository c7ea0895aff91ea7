package io.parley.gateway;

import java.util.Optional;

/** Turns the secret that a client sends into the one who sends it. Thread-safe; may block. */
public interface Authenticator {
  /**
   * Empty if the secret is unknown or revoked.
   *
   * @param secret what the client sent, not trusted in length or content
   */
  Optional<Principal> authenticate(String secret);
}
