package io.parley.engine;

import static io.parley.engine.InvariantBreach.unless;

import java.util.Collection;

/** Which sequence has which blocks of the key-value cache, from its admission to its end. */
final class KvMemory {
  private final EngineLimits limits;
  private final BlockPool pool;

  KvMemory(EngineLimits limits) {
    this.limits = limits;
    this.pool = new BlockPool(limits.blocks());
  }

  int blocks() {
    return pool.blocks();
  }

  int blocksInUse() {
    return pool.blocksInUse();
  }

  /** Gives a sequence the blocks that it can ever need; false if they are not there now. */
  boolean admit(Sequence sequence, long nowNanos) {
    int blocks = limits.worstCaseBlocks(sequence.request());
    if (blocks > pool.freeBlocks()) {
      return false;
    }
    sequence.admit(pool.allocate(blocks), nowNanos);
    return true;
  }

  /** Takes back all blocks of a sequence, maybe none. */
  void release(Sequence sequence) {
    pool.release(sequence.leaveBlocks());
  }

  /** Whether the sums agree: takes time in proportion to the running sequences. */
  void checkSums(Collection<Sequence> running) {
    int held = running.stream().mapToInt(sequence -> sequence.blockTable().length).sum();
    unless(held == pool.blocksInUse(), "blocks held = blocks in use", held, pool.blocksInUse());
  }

  /** Whether every block is right. */
  void checkAll(Collection<Sequence> running) {
    pool.check(running.stream().map(Sequence::blockTable).toList());
    running.forEach(this::checkRunning);
  }

  private void checkRunning(Sequence sequence) {
    unless(
        sequence.totalTokens() <= limits.worstCaseTokens(sequence.request()),
        "a sequence stays within its worst case",
        sequence.id(),
        sequence.totalTokens());
    unless(
        sequence.blockTable().length == limits.worstCaseBlocks(sequence.request()),
        "a running sequence holds its worst case",
        sequence.id(),
        sequence.blockTable().length);
  }
}
