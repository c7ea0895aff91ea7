package io.parley.chat.users;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.random.RandomGenerator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The secret of a session: 256 random bits, in 43 characters of base64url. It goes to the browser
 * and back; a hash of it is kept.
 *
 * <p>One SHA-256 is enough, since there is nothing to guess. The CSRF token is computed from the
 * secret, so that it needs no memory of its own: a foreign page can send the cookie along but
 * cannot read it, nor the answer that has the token.
 */
public record SessionToken(String secret) {
  private static final int BYTES = 32;
  private static final int CHARS = 43;

  /**
   * @param random cryptographically strong
   */
  static SessionToken next(RandomGenerator random) {
    byte[] bytes = new byte[BYTES];
    random.nextBytes(bytes);
    return new SessionToken(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
  }

  /** What came as a secret, if it may be one: what is not need not be looked up. */
  public static Optional<SessionToken> of(String text) {
    boolean wellFormed =
        text.length() == CHARS
            && text.chars()
                .allMatch(
                    c ->
                        (c >= '0' && c <= '9')
                            || (c >= 'A' && c <= 'Z')
                            || (c >= 'a' && c <= 'z')
                            || c == '-'
                            || c == '_');
    return wellFormed ? Optional.of(new SessionToken(text)) : Optional.empty();
  }

  /** SHA-256 in hexadecimal digits, which is how a session is found again. */
  String hash() {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(sha256.digest(bytes()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** What a request that changes something must bring beside the cookie. */
  public String csrf() {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(bytes(), "HmacSHA256"));
      byte[] tag = mac.doFinal("parley csrf".getBytes(StandardCharsets.US_ASCII));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(tag);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has HMAC-SHA256", e);
    }
  }

  /** Whether this is the session's CSRF token; takes as long wherever it differs. */
  public boolean accepts(String csrfToken) {
    return MessageDigest.isEqual(
        csrf().getBytes(StandardCharsets.US_ASCII), csrfToken.getBytes(StandardCharsets.UTF_8));
  }

  private byte[] bytes() {
    return secret.getBytes(StandardCharsets.US_ASCII);
  }

  /** Secrets stay out of logs. */
  @Override
  public String toString() {
    return "SessionToken";
  }
}
