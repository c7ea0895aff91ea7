package io.parley.chat.encryption;

import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.random.RandomGenerator;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/**
 * AES-256-GCM (NIST SP 800-38D) with a random nonce in front: {@code version (1 byte), nonce (12),
 * ciphertext, tag (16)}. A key may so encrypt 2³² texts before two nonces are likely to meet.
 */
final class AesGcm {
  private static final byte VERSION = 1;
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BYTES = 16;
  private static final int OVERHEAD = 1 + NONCE_BYTES + TAG_BYTES;

  private AesGcm() {}

  /**
   * @param context what the text belongs to; it can only be opened with the same
   */
  static byte[] seal(SecretKey key, byte[] context, byte[] text, RandomGenerator random) {
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    try {
      byte[] sealed = cipher(Cipher.ENCRYPT_MODE, key, nonce, context).doFinal(text);
      return ByteBuffer.allocate(OVERHEAD + text.length)
          .put(VERSION)
          .put(nonce)
          .put(sealed)
          .array();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("cannot encrypt", e);
    }
  }

  /**
   * @throws ParleyException API if these are not the bytes that were sealed with this key for this
   *     context
   */
  static byte[] open(SecretKey key, byte[] context, byte[] sealed) {
    if (sealed.length < OVERHEAD || sealed[0] != VERSION) {
      throw new ParleyException(ErrorCode.API, "what is stored was not encrypted by this version");
    }
    ByteBuffer parts = ByteBuffer.wrap(sealed, 1, sealed.length - 1);
    byte[] nonce = new byte[NONCE_BYTES];
    parts.get(nonce);
    try {
      return cipher(Cipher.DECRYPT_MODE, key, nonce, context)
          .doFinal(sealed, parts.position(), parts.remaining());
    } catch (GeneralSecurityException e) {
      throw new ParleyException(
          ErrorCode.API, "what is stored was changed, or encrypted with another key", e);
    }
  }

  private static Cipher cipher(int mode, SecretKey key, byte[] nonce, byte[] context)
      throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, key, new GCMParameterSpec(8 * TAG_BYTES, nonce));
    cipher.updateAAD(context);
    return cipher;
  }
}
