package io.parley.engine;

import static io.parley.engine.InvariantBreach.unless;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who waits and who runs. A sequence is on exactly one of the two lists; it holds blocks exactly
 * while it runs.
 */
final class Roster {
  private final EngineLimits limits;
  private final KvMemory memory;
  private final Map<Long, Sequence> sequences = new HashMap<>();
  private final WaitingQueue waiting = new WaitingQueue();
  private final List<Sequence> running = new ArrayList<>();

  Roster(EngineLimits limits, PrefixCacheSettings prefixCache) {
    this.limits = limits;
    this.memory = new KvMemory(limits, prefixCache);
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

  /** In the order of admission; a view. */
  List<Sequence> running() {
    return Collections.unmodifiableList(running);
  }

  /** Lets run who is next, as long as there is a place and memory. */
  void admit(long nowNanos) {
    Sequence next = waiting.next();
    while (next != null && running.size() < limits.maxSequences() && memory.admit(next, nowNanos)) {
      waiting.remove(next);
      running.add(next);
      next = waiting.next();
    }
  }

  /** A sequence has computed something: what fills a block may be shared. */
  void register(Sequence sequence) {
    memory.register(sequence);
  }

  /** The one way out. */
  void remove(Sequence sequence) {
    sequences.remove(sequence.id());
    if (!running.remove(sequence)) {
      waiting.remove(sequence);
    }
    memory.release(sequence);
  }

  EngineGauges gauges(long steps, long tokensComputed, long tokensGenerated) {
    return new EngineGauges(
        waiting.size(),
        running.size(),
        memory.blocks(),
        memory.blocksInUse(),
        steps,
        tokensComputed,
        tokensGenerated,
        memory.gauges());
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
    memory.checkSums(running);
  }

  /** Whether everything is right, each block and each sequence. */
  void checkAll() {
    checkSums();
    memory.checkAll(running);
    running.forEach(this::checkRunning);
    waiting.all().forEach(this::checkWaiting);
  }

  private void checkRunning(Sequence sequence) {
    long id = sequence.id();
    unless(sequences.get(id) == sequence, "a running sequence is known", id);
    unless(sequence.remainingTokens() >= 1, "a running sequence has work", id);
  }

  private void checkWaiting(Sequence sequence) {
    long id = sequence.id();
    unless(sequences.get(id) == sequence, "a waiting sequence is known", id);
    unless(sequence.blockTable().length == 0, "a waiting sequence holds no block", id);
    unless(sequence.computedTokens() == 0, "a waiting sequence has computed nothing", id);
  }
}
