package io.parley.gateway.identity;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.random.RandomGenerator;

/**
 * What a secret looks like and what is kept of it.
 *
 * <p>A secret is the prefix of its {@link KeyKind} and 43 characters of base 62: 256 random bits.
 * That is why one SHA-256 is enough to keep it by: there is nothing to guess, so a slow, salted
 * hash as for passwords would cost every request 50 ms and protect nothing.
 *
 * <p>A look-up by the hash leaks no useful time: who does not know the secret cannot steer its hash
 * towards a stored one. What a look-up found is compared in constant time all the same ({@link
 * #sameHash}), so that this does not hang on how a database or a cache compares.
 */
public final class Secrets {
  static final int RANDOM_CHARACTERS = 43;

  /** How many of the random characters may be shown in lists. */
  private static final int SHOWN_CHARACTERS = 4;

  private static final String BASE_62 =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

  private Secrets() {}

  /** A new secret; {@code random} must be cryptographically strong. */
  public static String next(KeyKind kind, RandomGenerator random) {
    StringBuilder secret = new StringBuilder(kind.secretPrefix());
    for (int i = 0; i < RANDOM_CHARACTERS; i++) {
      secret.append(BASE_62.charAt(random.nextInt(BASE_62.length())));
    }
    return secret.toString();
  }

  /** Whether it may be a secret of ours at all; what is not need not be looked up. */
  static boolean isWellFormed(String secret) {
    return Arrays.stream(KeyKind.values())
        .map(KeyKind::secretPrefix)
        .anyMatch(
            prefix ->
                secret.length() == prefix.length() + RANDOM_CHARACTERS
                    && secret.startsWith(prefix));
  }

  /** SHA-256 in hexadecimal digits. */
  public static String hash(String secret) {
    return HexFormat.of().formatHex(sha256(secret.getBytes(StandardCharsets.UTF_8)));
  }

  /** Whether two hashes are the same; takes as long wherever they differ. */
  static boolean sameHash(String hash, String other) {
    return MessageDigest.isEqual(
        hash.getBytes(StandardCharsets.US_ASCII), other.getBytes(StandardCharsets.US_ASCII));
  }

  /** As much of a secret as may be shown: it tells two keys apart and opens nothing. */
  public static String shownPrefix(KeyKind kind, String secret) {
    return secret.substring(0, kind.secretPrefix().length() + SHOWN_CHARACTERS);
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
