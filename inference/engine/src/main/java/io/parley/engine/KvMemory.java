package io.parley.engine;

import static io.parley.engine.InvariantBreach.unless;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/**
 * Which sequence has which blocks of the key-value cache, from its admission to its end.
 *
 * <p>A sequence gets at once all blocks that it can ever need: first those that hold the beginning
 * of its tokens already, shared with whoever else begins like it, then fresh ones, for which idle
 * blocks of the prefix cache are evicted if no block is free. So memory cannot run out under a
 * sequence that runs.
 *
 * <p>A sequence that gives way loses its blocks, and comes back like a new one: with those that the
 * cache still knows, and with those that {@link SwapSpace} has kept.
 *
 * <p>Of a block table the first part is registered in the prefix cache, and may be shared; all
 * positions there are computed. The rest belongs to this sequence alone, and only there does it
 * write: no block that is shared or registered is ever written.
 */
final class KvMemory {
  private final EngineLimits limits;
  private final boolean sharing;
  private final BlockPool pool;
  private final PrefixCache cache;
  private final SwapSpace swap;
  private final SwapEstimate estimate;
  private long hitTokens;
  private long lookupTokens;

  KvMemory(EngineLimits limits, SchedulerOptions options) {
    PrefixCacheSettings settings = options.prefixCache();
    this.limits = limits;
    this.sharing = settings.enabled();
    this.pool = new BlockPool(limits.blocks());
    this.cache =
        new PrefixCache(
            limits.blocks(),
            limits.blockTokens(),
            new BlockHash(settings.secret0(), settings.secret1(), limits.blockTokens()));
    this.swap = new SwapSpace(options.swap().slots());
    this.estimate = new SwapEstimate(options.cost(), limits.maxBatchTokens());
  }

  int blocks() {
    return pool.blocks();
  }

  /** Blocks that sequences hold. */
  int blocksInUse() {
    return pool.blocksInUse();
  }

  PrefixCacheGauges gauges() {
    return new PrefixCacheGauges(cache.idleBlocks(), hitTokens, lookupTokens, cache.evictions());
  }

  /**
   * Gives a sequence the blocks that it can ever need, and the tokens that are computed in them
   * already; false, and nothing is taken, if there are too few now.
   */
  boolean admit(Sequence sequence, long nowNanos) {
    int[] shared = computedBlocks(sequence);
    int fresh = limits.worstCaseBlocks(sequence.request()) - shared.length;
    if (fresh > pool.freeBlocks() + cache.idleBlocks() - idleAmong(shared)) {
      return false;
    }
    int[] table = Arrays.copyOf(shared, shared.length + fresh);
    for (int block : shared) {
      hold(block);
    }
    for (int i = shared.length; i < table.length; i++) {
      table[i] = freshBlock();
    }
    int cachedTokens = shared.length * limits.blockTokens();
    sequence.admit(table, cachedTokens, limits.blockTokens(), nowNanos);
    swap.restore(sequence, shared.length);
    hitTokens += cachedTokens;
    lookupTokens += sequence.totalTokens();
    return true;
  }

  /**
   * The blocks in which the beginning of a sequence is computed already. At least one token is left
   * out, because somebody has to compute the logits after the last one.
   */
  private int[] computedBlocks(Sequence sequence) {
    int most = sharing ? (sequence.totalTokens() - 1) / limits.blockTokens() : 0;
    int[] found = new int[most];
    int count = 0;
    int parent = PrefixCache.NONE;
    while (count < most && (parent = cache.find(sequence, count, parent)) != PrefixCache.NONE) {
      found[count++] = parent;
    }
    return Arrays.copyOf(found, count);
  }

  private int idleAmong(int[] blocks) {
    int count = 0;
    for (int block : blocks) {
      count += cache.isIdle(block) ? 1 : 0;
    }
    return count;
  }

  private void hold(int registered) {
    if (pool.retain(registered)) {
      cache.becameUsed(registered);
    }
  }

  private int freshBlock() {
    if (pool.freeBlocks() == 0) {
      pool.free(cache.evict());
    }
    return pool.allocate();
  }

  private void letGo(int block) {
    if (!pool.release(block)) {
      return;
    }
    if (cache.isRegistered(block)) {
      cache.becameIdle(block);
    } else {
      pool.free(block);
    }
  }

  /**
   * Registers the blocks that a sequence has filled, for others to find. Only tokens whose step was
   * taken in count as computed, so what a failed step left behind is never found. Where another
   * sequence has registered the same tokens meanwhile, this one takes over its block and gives its
   * own back: the contents are the same, bit for bit.
   */
  void register(Sequence sequence) {
    int full = sharing ? sequence.computedTokens() / limits.blockTokens() : 0;
    for (int i = sequence.registeredBlocks(); i < full; i++) {
      register(sequence, i);
    }
  }

  private void register(Sequence sequence, int index) {
    int[] table = sequence.blockTable();
    int parent = index == 0 ? PrefixCache.NONE : table[index - 1];
    int known = cache.find(sequence, index, parent);
    if (known == PrefixCache.NONE) {
      cache.register(table[index], sequence, index, parent);
      sequence.registered(index, table[index]);
    } else {
      hold(known);
      letGo(table[index]);
      sequence.registered(index, known);
    }
  }

  /**
   * Before a sequence gives way: saves what it has computed in host memory, if that has room and is
   * likely to cost less than computing it again. What others hold too is left out, since it will
   * probably still be there.
   */
  void save(Sequence sequence) {
    int tokens = sequence.computedTokens();
    int first = heldByOthers(sequence);
    int end = Math.ceilDiv(tokens, limits.blockTokens());
    int blocks = end - first;
    if (blocks > 0
        && blocks <= swap.freeSlots()
        && estimate.favoursCopies(blocks, first * limits.blockTokens(), tokens)) {
      swap.save(sequence, first, end);
    }
  }

  private int heldByOthers(Sequence sequence) {
    int count = 0;
    while (count < sequence.registeredBlocks()
        && pool.references(sequence.blockTable()[count]) > 1) {
      count++;
    }
    return count;
  }

  /** A sequence that waits will never come back. */
  void discard(Sequence waiting) {
    swap.discard(waiting);
  }

  /** The copies that the next step has to make. */
  List<BlockCopy> copies() {
    return swap.copies();
  }

  /** A step went well; see {@link SwapEstimate#learn}. */
  void copied(StepPlan plan, long nanos, long copyNanos) {
    swap.made();
    estimate.learn(plan, nanos, copyNanos);
  }

  /** A step failed: what it was to copy has to be computed again. */
  void copiesLost() {
    swap.lost(limits.blockTokens());
  }

  /** How much is in host memory, after so many preemptions. */
  PreemptionGauges gauges(long preemptions) {
    int inUse = swap.slots() - swap.freeSlots();
    return new PreemptionGauges(preemptions, swap.slots(), inUse, swap.savedBlocks());
  }

  /**
   * Takes back all blocks of a sequence, maybe none. What it has computed stays until its room is
   * needed, unless the sequence is {@link Sequence#distrust distrusted}.
   */
  void release(Sequence sequence) {
    if (!sequence.isTrusted()) {
      forget(sequence);
    } else if (!swap.isArriving(sequence)) {
      register(sequence);
    }
    int[] table = sequence.leaveBlocks();
    for (int i = table.length - 1; i >= 0; i--) {
      letGo(table[i]);
    }
  }

  /** Forgets the blocks of a sequence that it alone holds and that nobody has built upon. */
  private void forget(Sequence sequence) {
    int[] table = sequence.blockTable();
    for (int i = sequence.registeredBlocks() - 1; i >= 0; i--) {
      if (pool.references(table[i]) > 1 || cache.hasChildren(table[i])) {
        return;
      }
      cache.forget(table[i]);
    }
  }

  /** Whether the sums agree: takes time in proportion to the running sequences. */
  void checkSums(Collection<Sequence> running) {
    long held = running.stream().mapToLong(sequence -> sequence.blockTable().length).sum();
    pool.checkSums(held, cache.idleBlocks());
    swap.checkSums();
  }

  /** Whether every block is right. */
  void checkAll(Collection<Sequence> running, Collection<Sequence> waiting) {
    boolean[] idle = new boolean[pool.blocks()];
    for (int block = 0; block < idle.length; block++) {
      idle[block] = cache.isIdle(block);
    }
    pool.check(running.stream().map(Sequence::blockTable).toList(), idle);
    cache.check();
    swap.checkAll(waiting);
    running.forEach(this::checkRunning);
  }

  private void checkRunning(Sequence sequence) {
    long id = sequence.id();
    int[] table = sequence.blockTable();
    unless(
        sequence.totalTokens() <= limits.worstCaseTokens(sequence.request()),
        "a sequence stays within its worst case",
        id,
        sequence.totalTokens());
    unless(
        table.length == limits.worstCaseBlocks(sequence.request()),
        "a running sequence holds its worst case",
        id,
        table.length);
    int shared = sequence.registeredBlocks();
    unless(
        shared * limits.blockTokens() <= sequence.computedTokens(),
        "a registered block is computed",
        id,
        shared);
    checkRegistered(sequence, shared);
    for (int i = shared; i < table.length; i++) {
      boolean own = pool.references(table[i]) == 1 && !cache.isRegistered(table[i]);
      unless(own, "a block that may be written belongs to one sequence", id, i, table[i]);
    }
  }

  /** By looking them up: that compares organisation, tokens and order. */
  private void checkRegistered(Sequence sequence, int count) {
    int parent = PrefixCache.NONE;
    for (int i = 0; i < count; i++) {
      int block = sequence.blockTable()[i];
      unless(
          cache.find(sequence, i, parent) == block,
          "a shared block holds the tokens of its sequence",
          sequence.id(),
          i,
          block);
      parent = block;
    }
  }
}
