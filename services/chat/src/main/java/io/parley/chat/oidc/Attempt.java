package io.parley.chat.oidc;

import io.parley.ports.ephemeral.EphemeralStore;
import io.parley.ports.ephemeral.Update;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Somebody who was sent to the provider and is not back yet: what has to fit when they are. It can
 * be taken once.
 *
 * @param nonce which the provider puts into the token
 * @param verifier by which only who began can redeem the code (PKCE, RFC 7636)
 */
record Attempt(String providerId, String nonce, String verifier) {
  /** How long somebody may take to sign in. */
  static final Duration LIFE = Duration.ofMinutes(10);

  private static final String BLANK = " ";

  void keep(EphemeralStore store, String state) {
    byte[] value = String.join(BLANK, providerId, nonce, verifier).getBytes(StandardCharsets.UTF_8);
    store.update(key(state), old -> Update.put(value, LIFE, true));
  }

  static Optional<Attempt> take(EphemeralStore store, String state) {
    Optional<byte[]> kept = store.update(key(state), Update::remove);
    return kept.map(
        value -> {
          List<String> parts = List.of(new String(value, StandardCharsets.UTF_8).split(BLANK, 3));
          return new Attempt(parts.get(0), parts.get(1), parts.get(2));
        });
  }

  private static String key(String state) {
    return "chat-oidc/" + state;
  }
}
