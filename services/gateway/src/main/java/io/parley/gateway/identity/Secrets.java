package io.parley.gateway.identity;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.random.RandomGenerator;

/**
 * What a secret looks like and what is kept of it.
 *
 * <p>A secret is {@code sk-parley-} and 43 characters of base 62: 256 random bits. That is why one
 * SHA-256 is enough to keep it by: there is nothing to guess, so a slow, salted hash as for
 * passwords would cost every request 50 ms and protect nothing. A look-up by the hash leaks no
 * useful time either: who does not know the secret cannot steer its hash towards a stored one.
 */
final class Secrets {
  static final String PREFIX = "sk-parley-";
  static final int RANDOM_CHARACTERS = 43;
  static final int LENGTH = PREFIX.length() + RANDOM_CHARACTERS;

  /** How much of a secret may be shown in lists: four random characters of 43. */
  private static final int SHOWN_CHARACTERS = PREFIX.length() + 4;

  private static final String BASE_62 =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

  private Secrets() {}

  /** {@code random} must be cryptographically strong. */
  static String next(RandomGenerator random) {
    StringBuilder secret = new StringBuilder(LENGTH).append(PREFIX);
    while (secret.length() < LENGTH) {
      secret.append(BASE_62.charAt(random.nextInt(BASE_62.length())));
    }
    return secret.toString();
  }

  /** Whether it may be a secret of ours at all; what is not need not be looked up. */
  static boolean isWellFormed(String secret) {
    return secret.length() == LENGTH && secret.startsWith(PREFIX);
  }

  static String hash(String secret) {
    return HexFormat.of().formatHex(sha256(secret.getBytes(StandardCharsets.UTF_8)));
  }

  static String shownPrefix(String secret) {
    return secret.substring(0, SHOWN_CHARACTERS);
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
