package io.parley.chat.encryption;

import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import io.parley.common.keys.KeyRing;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.random.RandomGenerator;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/**
 * The keys that wrap the keys of users. The newest one wraps; the others still unwrap what they
 * wrapped. Immutable.
 *
 * @param ring 256 bits each
 */
public record MasterKeys(KeyRing ring) {
  /**
   * Reads keys as an environment variable holds them.
   *
   * @param source named in errors
   * @throws ParleyException INVALID_REQUEST as {@link KeyRing#parse} says
   */
  public static MasterKeys parse(String source, String text) {
    return new MasterKeys(KeyRing.parse(source, text));
  }

  /**
   * The keys of a file.
   *
   * @throws ParleyException INVALID_REQUEST if it cannot be read or holds something else
   */
  public static MasterKeys ofFile(Path file) {
    return new MasterKeys(KeyRing.ofFile(file));
  }

  /** The same; makes the file with a new key, for its owner alone to read, if it is not there. */
  public static MasterKeys ofFileOrNew(Path file, RandomGenerator random) {
    return new MasterKeys(KeyRing.ofFileOrNew(file, random));
  }

  /** Adds a new key to a file. What the others wrapped is to be wrapped again by it. */
  public static MasterKeys rotate(Path file, RandomGenerator random) {
    return new MasterKeys(KeyRing.rotate(file, random));
  }

  /** Names the key that wraps. */
  public String newest() {
    return ring.newest();
  }

  byte[] wrap(String userId, byte[] userKey, RandomGenerator random) {
    return AesGcm.seal(aes(newest()), context(userId), userKey, random);
  }

  byte[] unwrap(String masterKeyId, String userId, byte[] wrapped) {
    return AesGcm.open(aes(masterKeyId), context(userId), wrapped);
  }

  private SecretKey aes(String id) {
    return ring.find(id)
        .map(key -> new SecretKeySpec(key, "AES"))
        .orElseThrow(
            () ->
                new ParleyException(
                    ErrorCode.API,
                    "the master key %s is missing: add it to the keys again".formatted(id)));
  }

  private static byte[] context(String userId) {
    return ("parley user key " + userId).getBytes(StandardCharsets.UTF_8);
  }
}
