package io.parley.concurrent.top;

import java.util.Comparator;

/**
 * A key and its score.
 *
 * <p>The order of a ranking is total: higher scores first, and among equal scores the smaller key.
 * That is what makes the best {@code k} of a set one set, however it was split up to find them.
 */
public record Ranked<K extends Comparable<? super K>>(K key, long score) {
  /** Best first. */
  public static <K extends Comparable<? super K>> Comparator<Ranked<K>> bestFirst() {
    return Comparator.<Ranked<K>>comparingLong(Ranked::score).reversed().thenComparing(Ranked::key);
  }
}
