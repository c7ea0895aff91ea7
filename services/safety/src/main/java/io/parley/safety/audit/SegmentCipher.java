package io.parley.safety.audit;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/**
 * Encrypts and authenticates the entries of one segment by AES-256-GCM (NIST SP 800-38D). A key
 * serves one segment only, so the number of an entry can be its nonce. Not thread-safe.
 */
final class SegmentCipher {
  private static final int TAG_BITS = 128;
  private static final int NONCE_BYTES = 12;

  private final SecretKey key;
  private final Cipher cipher;

  SegmentCipher(SecretKey key) {
    this.key = key;
    try {
      this.cipher = Cipher.getInstance("AES/GCM/NoPadding");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has AES-GCM", e);
    }
  }

  /** Encrypts the entry that follows this place. */
  byte[] seal(ChainPoint before, byte[] entry) {
    try {
      return run(Cipher.ENCRYPT_MODE, before, entry);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("cannot encrypt", e);
    }
  }

  /**
   * @throws GeneralSecurityException if these are not the bytes that were sealed at this place
   */
  byte[] open(ChainPoint before, byte[] sealed) throws GeneralSecurityException {
    return run(Cipher.DECRYPT_MODE, before, sealed);
  }

  private byte[] run(int mode, ChainPoint before, byte[] text) throws GeneralSecurityException {
    byte[] nonce = ByteBuffer.allocate(NONCE_BYTES).putInt(0).putLong(before.seq() + 1).array();
    cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD(before.binding());
    return cipher.doFinal(text);
  }
}
