package io.parley.engine;

import java.util.Arrays;

/**
 * The keys of the full blocks of one sequence, as far as they are known: tokens never change, so a
 * key is computed once, however often the sequence is looked up.
 */
final class BlockKeys {
  private long[] keys = new long[8];
  private int size;

  int size() {
    return size;
  }

  long get(int block) {
    return keys[block];
  }

  void add(long key) {
    if (size == keys.length) {
      keys = Arrays.copyOf(keys, 2 * size);
    }
    keys[size++] = key;
  }
}
