package io.parley.chat.encryption;

import io.parley.chat.BodyCipher;
import java.util.random.RandomGenerator;

/** Seals what users wrote with their own keys. Thread-safe; blocks when a key is not in memory. */
public final class EncryptedBodies implements BodyCipher {
  private final UserKeys keys;
  private final RandomGenerator random;

  /**
   * @param random cryptographically strong and thread-safe: it makes the nonces
   */
  public EncryptedBodies(UserKeys keys, RandomGenerator random) {
    this.keys = keys;
    this.random = random;
  }

  @Override
  public byte[] seal(String userId, String place, byte[] plain) {
    return keys.findOrMake(userId).seal(place, plain, random);
  }

  @Override
  public byte[] open(String userId, String place, byte[] sealed) {
    return keys.find(userId).orElseThrow(() -> UserKeys.gone(userId)).open(place, sealed);
  }
}
