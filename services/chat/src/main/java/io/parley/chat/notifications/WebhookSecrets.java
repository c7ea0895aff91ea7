package io.parley.chat.notifications;

import io.parley.chat.BodyCipher;
import io.parley.ports.data.Database;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * What webhooks are signed with: 256 random bits for each user and address, sealed with the user's
 * key. Thread-safe; blocks.
 */
public final class WebhookSecrets {
  private static final String PREFIX = "whsec_";
  private static final int BYTES = 32;
  private static final String PLACE = "webhook-secret";

  private final Database database;
  private final BodyCipher cipher;
  private final RandomGenerator random;

  /**
   * @param random cryptographically strong and thread-safe
   */
  public WebhookSecrets(Database database, BodyCipher cipher, RandomGenerator random) {
    this.database = database;
    this.cipher = cipher;
    this.random = random;
  }

  /** A new secret if there is none for this address: it is shown now and never again. */
  Optional<String> make(String userId, String webhook) {
    if (find(userId, webhook).isPresent()) {
      return Optional.empty();
    }
    byte[] bytes = new byte[BYTES];
    random.nextBytes(bytes);
    String secret = PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    byte[] sealed = cipher.seal(userId, PLACE, secret.getBytes(StandardCharsets.US_ASCII));
    database.write(
        handle -> {
          handle.execute("DELETE FROM chat_webhook_secrets WHERE user_id = ?", userId);
          return handle.execute(
              "INSERT INTO chat_webhook_secrets (user_id, webhook, sealed) VALUES (?, ?, ?)",
              userId,
              webhook,
              sealed);
        });
    return Optional.of(secret);
  }

  /** The secret of a user for an address. */
  Optional<String> find(String userId, String webhook) {
    Optional<byte[]> sealed =
        database.read(
            handle ->
                handle
                    .createQuery(
                        "SELECT sealed FROM chat_webhook_secrets"
                            + " WHERE user_id = :user AND webhook = :webhook")
                    .bind("user", userId)
                    .bind("webhook", webhook)
                    .map((row, context) -> row.getBytes("sealed"))
                    .findOne());
    return sealed.map(
        bytes -> new String(cipher.open(userId, PLACE, bytes), StandardCharsets.US_ASCII));
  }

  void forget(String userId) {
    database.write(
        handle -> handle.execute("DELETE FROM chat_webhook_secrets WHERE user_id = ?", userId));
  }
}
