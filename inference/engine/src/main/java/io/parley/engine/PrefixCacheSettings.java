package io.parley.engine;

import java.util.random.RandomGenerator;

/**
 * Whether sequences share what they have in common. Immutable.
 *
 * @param enabled if not, every sequence computes all of its tokens
 * @param secret0 with {@code secret1} the key of the hash under which blocks are found: random, and
 *     known to nobody outside of the server
 */
public record PrefixCacheSettings(boolean enabled, long secret0, long secret1) {
  /** Nothing is shared. */
  public static final PrefixCacheSettings OFF = new PrefixCacheSettings(false, 0, 0);

  /** On, with a fresh secret; {@code random} is to be one that cannot be predicted. */
  public static PrefixCacheSettings withSecretFrom(RandomGenerator random) {
    return new PrefixCacheSettings(true, random.nextLong(), random.nextLong());
  }

  /** Keeps the secret out of logs. */
  @Override
  public String toString() {
    return "PrefixCacheSettings[enabled=" + enabled + "]";
  }
}
