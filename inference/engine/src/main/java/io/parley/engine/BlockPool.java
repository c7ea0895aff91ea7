package io.parley.engine;

import static io.parley.engine.InvariantBreach.unless;

/**
 * Hands out the blocks of the key-value cache by number. A block has a count of references: one for
 * each block table that holds it, so that sequences can share what they have in common.
 *
 * <p>A block that nobody holds is either free, or idle: {@link #release} tells that the last holder
 * let go, and it is the caller's choice to {@link #free} the block at once or to keep its contents
 * for a while.
 *
 * <p>The pool knows numbers only. The memory belongs to the runner. Paged key-value cache after
 * Kwon et al., "Efficient Memory Management for Large Language Model Serving with PagedAttention",
 * 2023.
 */
final class BlockPool {
  private final int[] references;
  private final int[] free; // a stack: what was let go last is the warmest
  private int freeBlocks;
  private int blocksInUse;
  private long allReferences;

  BlockPool(int blocks) {
    references = new int[blocks];
    free = new int[blocks];
    for (int i = 0; i < blocks; i++) {
      free[i] = blocks - 1 - i;
    }
    freeBlocks = blocks;
  }

  int blocks() {
    return references.length;
  }

  /** Blocks that {@link #allocate} can give. */
  int freeBlocks() {
    return freeBlocks;
  }

  /** Blocks that somebody holds. */
  int blocksInUse() {
    return blocksInUse;
  }

  /** References to a block. */
  int references(int block) {
    return references[block];
  }

  /** References to all blocks together. */
  long references() {
    return allReferences;
  }

  /**
   * A free block, now with one reference.
   *
   * @throws InvariantBreach if none is free
   */
  int allocate() {
    unless(freeBlocks > 0, "a block is free", blocksInUse, blocks());
    int block = free[--freeBlocks];
    retain(block);
    return block;
  }

  /** Adds a reference to a block that is not free; returns whether it is the only one. */
  boolean retain(int block) {
    allReferences++;
    boolean first = references[block]++ == 0;
    blocksInUse += first ? 1 : 0;
    return first;
  }

  /** Takes a reference from a block that is in use; returns whether it was the last. */
  boolean release(int block) {
    unless(references[block] > 0, "a block of a table is in use", block);
    allReferences--;
    boolean last = --references[block] == 0;
    blocksInUse -= last ? 1 : 0;
    return last;
  }

  /** Makes a block free that nobody holds and that is not free yet. */
  void free(int block) {
    unless(references[block] == 0, "a block that becomes free is not held", block);
    unless(freeBlocks < free.length, "a block becomes free once", block);
    free[freeBlocks++] = block;
  }

  /** Whether the sums agree, {@code idleBlocks} being kept for their contents. */
  void checkSums(long tableEntries, int idleBlocks) {
    unless(
        tableEntries == allReferences, "references = table entries", allReferences, tableEntries);
    unless(
        blocksInUse + freeBlocks + idleBlocks == blocks(),
        "in use + free + idle = blocks",
        blocksInUse,
        freeBlocks,
        idleBlocks,
        blocks());
  }

  /**
   * Compares the pool with all tables that exist. Takes time in proportion to the blocks.
   *
   * @param idle by block: whether it is kept although nobody holds it
   * @throws InvariantBreach if a count is not the number of tables that hold the block, or the free
   *     blocks are not exactly those that nobody holds and nobody keeps
   */
  void check(Iterable<int[]> tables, boolean[] idle) {
    int[] expected = new int[references.length];
    for (int[] table : tables) {
      for (int block : table) {
        expected[block]++;
      }
    }
    boolean[] isFree = freeOnes();
    for (int block = 0; block < expected.length; block++) {
      int count = references[block];
      unless(count == expected[block], "references = tables", block, count, expected[block]);
      int states = (count > 0 ? 1 : 0) + (isFree[block] ? 1 : 0) + (idle[block] ? 1 : 0);
      unless(states == 1, "a block is in use, free or idle", block, states);
    }
  }

  private boolean[] freeOnes() {
    boolean[] seen = new boolean[references.length];
    for (int i = 0; i < freeBlocks; i++) {
      unless(!seen[free[i]], "a block is free once", free[i]);
      seen[free[i]] = true;
    }
    return seen;
  }
}
