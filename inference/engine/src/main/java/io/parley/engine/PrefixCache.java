package io.parley.engine;

import static io.parley.engine.InvariantBreach.unless;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Knows what is in full blocks, so that a sequence that begins like an earlier one can use theirs.
 *
 * <p><b>What is shared.</b> A block is registered under the organisation that computed it, the
 * block before it and its own tokens. All three are compared when it is looked up; the hash only
 * finds the place. So no collision can give a sequence the keys and values of other tokens or of
 * another organisation. Registered blocks are full, and nobody writes a full block again: sharing
 * needs no copy-on-write.
 *
 * <p><b>What is kept.</b> A registered block that no sequence holds stays idle, until it is evicted
 * to make room: the one first that has been idle longest. Whoever holds a block holds all before
 * it, and lets go of the last one first. So among idle blocks a child always comes before its
 * parent, and the oldest is never the parent of a block that can still be found.
 *
 * <p>Every operation takes constant time for a block. Nothing is ever kept beside the blocks of the
 * pool, which are its limit. Not thread-safe.
 */
final class PrefixCache {
  /** Instead of a block: none is registered there, or there is none before the first. */
  static final int NONE = -1;

  private final int blockTokens;
  private final BlockHash hash;
  private final int[] buckets; // the first block of each; a power of two of them
  private final int[] nextInBucket; // this and all below: by block number
  private final long[] keys;
  private final int[] parents;
  private final int[] children; // registered blocks whose parent this is
  private final @Nullable String[] owners; // null: not registered
  private final int[] tokens;
  private final LruBlocks idle;
  private int registered;
  private long evictions;

  PrefixCache(int blocks, int blockTokens, BlockHash hash) {
    this.blockTokens = blockTokens;
    this.hash = hash;
    this.buckets = new int[Integer.highestOneBit(Math.max(1, blocks)) * 2];
    this.nextInBucket = new int[blocks];
    this.keys = new long[blocks];
    this.parents = new int[blocks];
    this.children = new int[blocks];
    this.owners = new @Nullable String[blocks];
    this.tokens = new int[Math.multiplyExact(blocks, blockTokens)];
    this.idle = new LruBlocks(blocks);
    Arrays.fill(buckets, NONE);
  }

  /** Blocks that nobody holds and that {@link #evict} can give. */
  int idleBlocks() {
    return idle.size();
  }

  /** Blocks whose contents are known, held or idle. */
  int registeredBlocks() {
    return registered;
  }

  long evictions() {
    return evictions;
  }

  boolean isRegistered(int block) {
    return owners[block] != null;
  }

  boolean isIdle(int block) {
    return idle.contains(block);
  }

  boolean hasChildren(int block) {
    return children[block] > 0;
  }

  /** The registered block with the tokens of a sequence at {@code index}; {@link #NONE} if none. */
  int find(Sequence sequence, int index, int parent) {
    long key = key(sequence, index);
    int block = buckets[bucket(key)];
    while (block != NONE && !(keys[block] == key && matches(block, sequence, index, parent))) {
      block = nextInBucket[block];
    }
    return block;
  }

  private boolean matches(int block, Sequence sequence, int index, int parent) {
    int from = index * blockTokens;
    return parents[block] == parent
        && organisation(sequence).equals(owners[block])
        && Arrays.equals(
            tokens,
            block * blockTokens,
            (block + 1) * blockTokens,
            sequence.tokens(),
            from,
            from + blockTokens);
  }

  /**
   * Registers a block of a sequence, which must have computed all of it.
   *
   * @param parent the registered block before it; {@link #NONE} for the first
   */
  void register(int block, Sequence sequence, int index, int parent) {
    unless(!isRegistered(block), "a block is registered once", block);
    long key = key(sequence, index);
    keys[block] = key;
    parents[block] = parent;
    owners[block] = organisation(sequence);
    System.arraycopy(
        sequence.tokens(), index * blockTokens, tokens, block * blockTokens, blockTokens);
    nextInBucket[block] = buckets[bucket(key)];
    buckets[bucket(key)] = block;
    if (parent != NONE) {
      children[parent]++;
    }
    registered++;
  }

  /** Forgets what is in a block on which no other depends. */
  void forget(int block) {
    unless(isRegistered(block), "the block is registered", block);
    unless(children[block] == 0, "nothing depends on a block that is forgotten", block);
    unlink(block);
    owners[block] = null;
    if (parents[block] != NONE) {
      children[parents[block]]--;
    }
    registered--;
  }

  private void unlink(int block) {
    int bucket = bucket(keys[block]);
    if (buckets[bucket] == block) {
      buckets[bucket] = nextInBucket[block];
      return;
    }
    int before = buckets[bucket];
    while (nextInBucket[before] != block) {
      before = nextInBucket[before];
    }
    nextInBucket[before] = nextInBucket[block];
  }

  /** Nobody holds this registered block any more. */
  void becameIdle(int block) {
    unless(isRegistered(block), "an idle block is registered", block);
    idle.add(block);
  }

  /** Somebody holds this block again. */
  void becameUsed(int block) {
    idle.remove(block);
  }

  /** Gives up the block that has been idle longest; there must be one. */
  int evict() {
    int block = idle.oldest();
    idle.remove(block);
    forget(block);
    evictions++;
    return block;
  }

  private long key(Sequence sequence, int index) {
    BlockKeys known = sequence.blockKeys();
    for (int i = known.size(); i <= index; i++) {
      long parent = i == 0 ? hash.seed(organisation(sequence)) : known.get(i - 1);
      known.add(hash.next(parent, sequence.tokens(), i * blockTokens));
    }
    return known.get(index);
  }

  private static String organisation(Sequence sequence) {
    return sequence.request().terms().organisation();
  }

  private int bucket(long key) {
    return (int) key & (buckets.length - 1);
  }

  /** Whether every registered block is right. Takes time in proportion to the blocks. */
  void check() {
    int known = 0;
    int[] expected = new int[owners.length];
    for (int block = 0; block < owners.length; block++) {
      if (isRegistered(block)) {
        known++;
        checkRegistered(block);
        if (parents[block] != NONE) {
          expected[parents[block]]++;
        }
      } else {
        unless(!isIdle(block), "an idle block is registered", block);
      }
    }
    unless(known == registered, "registered blocks are counted", known, registered);
    unless(Arrays.equals(expected, children), "children are counted");
  }

  private void checkRegistered(int block) {
    int parent = parents[block];
    if (parent != NONE) {
      unless(isRegistered(parent), "the parent of a registered block is registered", block, parent);
      String owner = owners[block];
      unless(owner != null && owner.equals(owners[parent]), "a chain has one owner", block, parent);
      unless(isIdle(block) || !isIdle(parent), "whoever holds a block holds its parent", block);
    }
  }
}
