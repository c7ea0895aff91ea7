package io.parley.engine;

import static io.parley.engine.InvariantBreach.unless;

import java.util.Arrays;

/**
 * Hands out the blocks of the key-value cache by number. A block has a count of references: one for
 * each block table that holds it, so that sequences can share what they have in common; it is free
 * again when the last one lets go.
 *
 * <p>The pool knows numbers only. The memory belongs to the runner. Paged key-value cache after
 * Kwon et al., "Efficient Memory Management for Large Language Model Serving with PagedAttention",
 * 2023.
 */
public final class BlockPool {
  private final int[] references;
  private final int[] free; // a stack: what was let go last is the warmest
  private int freeBlocks;

  public BlockPool(int blocks) {
    references = new int[blocks];
    free = new int[blocks];
    for (int i = 0; i < blocks; i++) {
      free[i] = blocks - 1 - i;
    }
    freeBlocks = blocks;
  }

  public int blocks() {
    return references.length;
  }

  public int freeBlocks() {
    return freeBlocks;
  }

  public int blocksInUse() {
    return references.length - freeBlocks;
  }

  /**
   * A table of fresh blocks, each with one reference.
   *
   * @throws IllegalStateException if fewer are free; nothing is taken then
   */
  public int[] allocate(int count) {
    if (count > freeBlocks) {
      throw new IllegalStateException(
          "%d blocks wanted, %d of %d free".formatted(count, freeBlocks, blocks()));
    }
    int[] table = new int[count];
    for (int i = 0; i < count; i++) {
      table[i] = free[--freeBlocks];
      references[table[i]] = 1;
    }
    return table;
  }

  /** Adds a reference to each block of a table; every one of them must be in use. */
  public void retain(int[] table) {
    requireInUse(table);
    for (int block : table) {
      references[block]++;
    }
  }

  /** Takes a reference from each block of a table; every one of them must be in use. */
  public void release(int[] table) {
    requireInUse(table);
    for (int i = table.length - 1; i >= 0; i--) {
      if (--references[table[i]] == 0) {
        free[freeBlocks++] = table[i];
      }
    }
  }

  private void requireInUse(int[] table) {
    for (int block : table) {
      unless(references[block] > 0, "a block of a table is in use", block);
    }
  }

  /**
   * Compares the pool with all tables that exist. Takes time in proportion to the blocks.
   *
   * @throws InvariantBreach if a count is not the number of tables that hold the block, or the free
   *     blocks are not exactly those that nobody holds
   */
  public void check(Iterable<int[]> tables) {
    int[] expected = new int[references.length];
    for (int[] table : tables) {
      for (int block : table) {
        expected[block]++;
      }
    }
    for (int block = 0; block < expected.length; block++) {
      int count = references[block];
      unless(count == expected[block], "references = tables", block, count, expected[block]);
    }
    checkFree();
  }

  private void checkFree() {
    boolean[] seen = new boolean[references.length];
    for (int i = 0; i < freeBlocks; i++) {
      unless(!seen[free[i]], "a block is free once", free[i]);
      unless(references[free[i]] == 0, "a free block is not held", free[i]);
      seen[free[i]] = true;
    }
    long unheld = Arrays.stream(references).filter(count -> count == 0).count();
    unless(unheld == freeBlocks, "a block that nobody holds is free", unheld, freeBlocks);
  }
}
