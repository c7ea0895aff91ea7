package io.parley.chat.encryption;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;

/**
 * Turns words into other words by a secret: the same one always into the same, and none back. What
 * an index of them tells without the key is how often a word occurs, and not which. Not
 * thread-safe.
 *
 * <p>72 bits of the HMAC are kept: among a million different words of a user two meet with a
 * probability of 1 in 10⁹, and would then merely be found together.
 */
public final class Blinding {
  private static final int KEPT_BYTES = 9;

  private final Mac mac;

  Blinding(Mac mac) {
    this.mac = mac;
  }

  /** Twelve characters in place of a word. */
  public String blind(String word) {
    byte[] tag = mac.doFinal(word.getBytes(StandardCharsets.UTF_8));
    return Base64.getUrlEncoder().encodeToString(Arrays.copyOf(tag, KEPT_BYTES));
  }
}
