package io.parley.chat.encryption;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.random.RandomGenerator;
import javax.crypto.KDF;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * What one user's key is used for: to encrypt, and to blind. Each purpose has a key of its own,
 * derived from the one that is kept (HKDF, RFC 5869). Immutable.
 */
public final class UserKey {
  private static final int DERIVED_BYTES = 32;

  private final SecretKey bodies;
  private final SecretKey terms;

  UserKey(byte[] kept) {
    bodies = new SecretKeySpec(derive(kept, "bodies"), "AES");
    terms = new SecretKeySpec(derive(kept, "search terms"), "HmacSHA256");
  }

  private static byte[] derive(byte[] kept, String purpose) {
    try {
      HKDFParameterSpec spec =
          HKDFParameterSpec.ofExtract()
              .addIKM(kept)
              .thenExpand(
                  ("parley chat " + purpose).getBytes(StandardCharsets.UTF_8), DERIVED_BYTES);
      return KDF.getInstance("HKDF-SHA256").deriveData(spec);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK from 25 on has HKDF", e);
    }
  }

  /** Encrypts a text for the place that {@code context} names, where alone it can be opened. */
  public byte[] seal(String context, byte[] text, RandomGenerator random) {
    return AesGcm.seal(bodies, context.getBytes(StandardCharsets.UTF_8), text, random);
  }

  /**
   * The text that was sealed for this place.
   *
   * @throws io.parley.common.ParleyException API if it is not what was sealed
   */
  public byte[] open(String context, byte[] sealed) {
    return AesGcm.open(bodies, context.getBytes(StandardCharsets.UTF_8), sealed);
  }

  /** Makes search terms unreadable; one object for one thread. */
  public Blinding blinding() {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(terms);
      return new Blinding(mac);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HMAC-SHA256", e);
    }
  }
}
