package io.parley.ports.objects;

import java.util.Optional;

/**
 * Objects by key, written once. Thread-safe; methods block.
 *
 * <p><b>Atomicity.</b> An object is there whole or not at all, and never changes. When {@link #put}
 * returns it is on stable storage, and every later {@link #get} finds it.
 *
 * <p><b>Time-outs.</b> After TIMEOUT a change may have happened, or may happen yet; repeating it is
 * harmless. Of puts of one key with different bytes any may win, so a key is used for one object.
 */
public interface ObjectStore {
  /** Characters of a key: letters, digits, {@code _}, {@code -}, and {@code /} between parts. */
  int MAX_KEY_CHARS = 200;

  /** Bytes of an object. */
  int MAX_OBJECT_BYTES = 32 << 20;

  /**
   * Keeps an object.
   *
   * @param bytes must not be modified
   */
  void put(String key, byte[] bytes);

  Optional<byte[]> get(String key);

  /** Removes an object, if it is there. */
  void remove(String key);
}
