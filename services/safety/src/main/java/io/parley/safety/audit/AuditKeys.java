package io.parley.safety.audit;

import io.parley.common.ParleyException;
import io.parley.common.keys.KeyRing;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Optional;
import javax.crypto.KDF;
import javax.crypto.SecretKey;
import javax.crypto.spec.HKDFParameterSpec;

/**
 * The keys of an audit log. The newest one encrypts; the others still read what they encrypted.
 * Immutable.
 *
 * @param ring 256 bits each
 */
public record AuditKeys(KeyRing ring) {
  static final int ID_BYTES = KeyRing.ID_BYTES;

  /**
   * Reads keys as an environment variable holds them.
   *
   * @param source named in errors
   * @throws ParleyException INVALID_REQUEST as {@link KeyRing#parse} says
   */
  public static AuditKeys parse(String source, String text) {
    return new AuditKeys(KeyRing.parse(source, text));
  }

  /**
   * The keys of a file; makes the file with a new key, for its owner alone to read, if it is not
   * there.
   *
   * @throws ParleyException INVALID_REQUEST if it cannot be made or read, or holds something else
   */
  public static AuditKeys ofFileOrNew(Path file, SecureRandom random) {
    return new AuditKeys(KeyRing.ofFileOrNew(file, random));
  }

  /**
   * The keys of a file.
   *
   * @throws ParleyException INVALID_REQUEST if it cannot be read or holds something else
   */
  public static AuditKeys ofFile(Path file) {
    return new AuditKeys(KeyRing.ofFile(file));
  }

  /** Adds a new key to a file; it is used from the next start on. */
  public static AuditKeys rotate(Path file, SecureRandom random) {
    return new AuditKeys(KeyRing.rotate(file, random));
  }

  /** Names the key that encrypts. */
  public String newest() {
    return ring.newest();
  }

  /** How many there are. */
  public int size() {
    return ring.size();
  }

  /** A key for one purpose; empty if no key has this id. */
  Optional<SecretKey> derive(String id, String purpose, byte[] salt) {
    return ring.find(id).map(key -> derive(key, purpose, salt));
  }

  /** RFC 5869, so that no two segments and no two purposes share a key. */
  private static SecretKey derive(byte[] key, String purpose, byte[] salt) {
    try {
      HKDFParameterSpec spec =
          HKDFParameterSpec.ofExtract()
              .addIKM(key)
              .addSalt(salt)
              .thenExpand(
                  ("parley audit " + purpose).getBytes(StandardCharsets.UTF_8), KeyRing.KEY_BYTES);
      return KDF.getInstance("HKDF-SHA256").deriveKey("AES", spec);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK from 25 on has HKDF", e);
    }
  }
}
