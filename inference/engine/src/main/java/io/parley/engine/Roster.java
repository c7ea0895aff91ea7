package io.parley.engine;

import static io.parley.engine.InvariantBreach.unless;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who waits, who runs, and who holds which blocks. A sequence is on exactly one of the two lists;
 * it holds blocks exactly while it runs.
 */
final class Roster {
  private final EngineLimits limits;
  private final BlockPool pool;
  private final Map<Long, Sequence> sequences = new HashMap<>();
  private final ArrayDeque<Sequence> waiting = new ArrayDeque<>();
  private final List<Sequence> running = new ArrayList<>();

  Roster(EngineLimits limits) {
    this.limits = limits;
    this.pool = new BlockPool(limits.blocks());
  }

  boolean isEmpty() {
    return sequences.isEmpty();
  }

  boolean queueIsFull() {
    return waiting.size() >= limits.maxWaiting();
  }

  void enqueue(Sequence sequence) {
    if (sequences.putIfAbsent(sequence.id(), sequence) != null) {
      throw new IllegalArgumentException("sequence %d exists already".formatted(sequence.id()));
    }
    waiting.add(sequence);
  }

  @Nullable Sequence find(long id) {
    return sequences.get(id);
  }

  /** All sequences, in no order: a copy, so that they may leave meanwhile. */
  List<Sequence> all() {
    return List.copyOf(sequences.values());
  }

  /** In the order of arrival; a view. */
  List<Sequence> running() {
    return Collections.unmodifiableList(running);
  }

  /** Lets run who is next, as long as there is a place and the blocks that it can ever need. */
  void admit(long nowNanos) {
    while (!waiting.isEmpty() && running.size() < limits.maxSequences()) {
      int blocks = limits.worstCaseBlocks(waiting.element().request());
      if (blocks > pool.freeBlocks()) {
        return;
      }
      Sequence sequence = waiting.remove();
      sequence.admit(pool.allocate(blocks), nowNanos);
      running.add(sequence);
    }
  }

  /** The one way out. */
  void remove(Sequence sequence) {
    sequences.remove(sequence.id());
    if (!running.remove(sequence)) {
      waiting.remove(sequence);
    }
    pool.release(sequence.leaveBlocks());
  }

  EngineGauges gauges(long steps, long tokensComputed, long tokensGenerated) {
    return new EngineGauges(
        waiting.size(),
        running.size(),
        pool.blocks(),
        pool.blocksInUse(),
        steps,
        tokensComputed,
        tokensGenerated);
  }

  /** Whether the sums agree: takes time in proportion to the running sequences. */
  void checkSums() {
    int all = sequences.size();
    unless(
        all == waiting.size() + running.size(),
        "sequences = waiting + running",
        all,
        waiting.size(),
        running.size());
    unless(running.size() <= limits.maxSequences(), "running ≤ max_sequences", running.size());
    int held = running.stream().mapToInt(sequence -> sequence.blockTable().length).sum();
    unless(held == pool.blocksInUse(), "blocks held = blocks in use", held, pool.blocksInUse());
  }

  /** Whether everything is right, each block and each sequence. */
  void checkAll() {
    checkSums();
    pool.check(running.stream().map(Sequence::blockTable).toList());
    running.forEach(this::checkRunning);
    waiting.forEach(this::checkWaiting);
  }

  private void checkRunning(Sequence sequence) {
    long id = sequence.id();
    unless(sequences.get(id) == sequence, "a running sequence is known", id);
    unless(sequence.remainingTokens() >= 1, "a running sequence has work", id);
    unless(
        sequence.totalTokens() <= limits.worstCaseTokens(sequence.request()),
        "a sequence stays within its worst case",
        id,
        sequence.totalTokens());
    unless(
        sequence.blockTable().length == limits.worstCaseBlocks(sequence.request()),
        "a running sequence holds its worst case",
        id,
        sequence.blockTable().length);
  }

  private void checkWaiting(Sequence sequence) {
    long id = sequence.id();
    unless(sequences.get(id) == sequence, "a waiting sequence is known", id);
    unless(sequence.blockTable().length == 0, "a waiting sequence holds no block", id);
    unless(sequence.computedTokens() == 0, "a waiting sequence has computed nothing", id);
  }
}
