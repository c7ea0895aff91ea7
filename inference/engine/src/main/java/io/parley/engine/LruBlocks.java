package io.parley.engine;

import static io.parley.engine.InvariantBreach.unless;

import java.util.Arrays;

/**
 * Blocks in the order in which they were put here: a linked list whose links are arrays by block
 * number, so that every operation takes constant time and allocates nothing.
 */
final class LruBlocks {
  private static final int NOT_HERE = -1;

  private final int end; // stands for the end of the list, on either side
  private final int[] older;
  private final int[] newer;
  private int size;

  LruBlocks(int blocks) {
    end = blocks;
    older = new int[blocks + 1];
    newer = new int[blocks + 1];
    Arrays.fill(older, NOT_HERE);
    Arrays.fill(newer, NOT_HERE);
    older[end] = end;
    newer[end] = end;
  }

  int size() {
    return size;
  }

  boolean contains(int block) {
    return older[block] != NOT_HERE;
  }

  /** The block that has been here longest; there must be one. */
  int oldest() {
    unless(size > 0, "there is a block to evict");
    return newer[end];
  }

  /** Puts a block here that is not here yet, as the newest. */
  void add(int block) {
    unless(!contains(block), "a block becomes idle once", block);
    older[block] = older[end];
    newer[block] = end;
    newer[older[end]] = block;
    older[end] = block;
    size++;
  }

  /** Takes a block away that is here. */
  void remove(int block) {
    unless(contains(block), "the block is idle", block);
    newer[older[block]] = newer[block];
    older[newer[block]] = older[block];
    older[block] = NOT_HERE;
    newer[block] = NOT_HERE;
    size--;
  }
}
