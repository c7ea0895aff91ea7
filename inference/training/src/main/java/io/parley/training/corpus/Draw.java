package io.parley.training.corpus;

import java.util.List;
import java.util.random.RandomGenerator;

/** Random choices, and the choices by hash that split what is trained from what is held out. */
final class Draw {
  private Draw() {}

  static <T> T one(RandomGenerator random, List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  static boolean chance(RandomGenerator random, double probability) {
    return random.nextDouble() < probability;
  }

  /** Whether a text belongs to the stable {@code percent} of all texts that are held out. */
  static boolean heldOut(String text, int percent) {
    return Math.floorMod(mix(text.hashCode()), 100) < percent;
  }

  /** Spreads every bit of a number over the result (the finaliser of SplitMix64). */
  static long mix(long value) {
    long z = value + 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
