package io.parley.engine;

import static io.parley.engine.InvariantBreach.unless;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Host memory, in slots of one block, where the blocks of preempted sequences wait; and the copies
 * that the next step has to make.
 *
 * <p>A copy is planned here and made by the runner, in the order of the plan. So a block may be
 * given to somebody else as soon as its copy is planned, and a slot too. Until a step has said that
 * it went well, its copies may not have been made: {@link #lost} undoes what was built on them.
 *
 * <p>A sequence has slots only while it waits. Not thread-safe.
 */
final class SwapSpace {
  /**
   * A part of a waiting sequence.
   *
   * @param firstBlock index in its block table of the first block that is here
   * @param tokens computed ones, in these blocks and those before them
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Saved(int firstBlock, int[] slots, int tokens) {}

  private final int[] free;
  private int freeSlots;
  private final Map<Sequence, Saved> saved = new HashMap<>();
  private final List<BlockCopy> copies = new ArrayList<>(); // of the step that is being planned
  private final Set<Sequence> justSaved = new HashSet<>(); // by those copies
  private final Set<Sequence> justRestored = new HashSet<>();
  private long savedBlocks;

  SwapSpace(int slots) {
    free = new int[slots];
    Arrays.setAll(free, i -> slots - 1 - i);
    freeSlots = slots;
  }

  int slots() {
    return free.length;
  }

  int freeSlots() {
    return freeSlots;
  }

  /** Blocks that were ever saved. */
  long savedBlocks() {
    return savedBlocks;
  }

  /** Saves what a sequence has computed from a block on; needs a free slot for each. */
  void save(Sequence sequence, int firstBlock, int endBlock) {
    int[] slots = new int[endBlock - firstBlock];
    for (int i = 0; i < slots.length; i++) {
      slots[i] = free[--freeSlots];
      int block = sequence.blockTable()[firstBlock + i];
      copies.add(new BlockCopy(BlockCopy.Direction.TO_HOST, block, slots[i]));
    }
    saved.put(sequence, new Saved(firstBlock, slots, sequence.computedTokens()));
    savedBlocks += slots.length;
    justSaved.add(sequence);
    justRestored.remove(sequence);
  }

  /**
   * Brings back what was saved of a sequence that runs again, if it follows on what it has; keeps
   * nothing of it.
   *
   * @param blocksThere how many blocks of its table are computed without it
   */
  void restore(Sequence sequence, int blocksThere) {
    Saved kept = saved.get(sequence);
    discard(sequence);
    if (kept == null || kept.firstBlock > blocksThere) {
      return;
    }
    for (int i = blocksThere; i < kept.firstBlock + kept.slots.length; i++) {
      int slot = kept.slots[i - kept.firstBlock];
      copies.add(new BlockCopy(BlockCopy.Direction.FROM_HOST, sequence.blockTable()[i], slot));
    }
    if (kept.tokens > sequence.computedTokens()) {
      sequence.restored(kept.tokens);
      justRestored.add(sequence);
    }
  }

  /** Forgets what was saved of a sequence, maybe nothing. */
  void discard(Sequence sequence) {
    Saved old = saved.remove(sequence);
    if (old != null) {
      for (int slot : old.slots) {
        free[freeSlots++] = slot;
      }
    }
  }

  /** Whether some of a sequence's blocks are filled by copies that may not have been made yet. */
  boolean isArriving(Sequence sequence) {
    return justRestored.contains(sequence);
  }

  /** The copies that the next step has to make. */
  List<BlockCopy> copies() {
    return copies;
  }

  /** The copies were made. */
  void made() {
    copies.clear();
    justSaved.clear();
    justRestored.clear();
  }

  /** Nobody knows whether the copies were made: what was to be copied has to be computed again. */
  void lost(int blockTokens) {
    justSaved.forEach(this::discard);
    justRestored.forEach(sequence -> sequence.unrestored(blockTokens));
    made();
  }

  void checkSums() {
    int used = saved.values().stream().mapToInt(kept -> kept.slots.length).sum();
    unless(used + freeSlots == free.length, "used + free = slots", used, freeSlots, free.length);
  }

  /** Whether everything is right, given who waits. */
  void checkAll(Iterable<Sequence> waiting) {
    boolean[] seen = new boolean[free.length];
    Set<Sequence> others = new HashSet<>(saved.keySet());
    for (Sequence sequence : waiting) {
      Saved kept = saved.get(sequence);
      others.remove(sequence);
      for (int slot : kept == null ? new int[0] : kept.slots) {
        unless(!seen[slot], "a slot belongs to one sequence", slot);
        seen[slot] = true;
      }
    }
    unless(others.isEmpty(), "only who waits has slots", others.size());
    for (int i = 0; i < freeSlots; i++) {
      unless(!seen[free[i]], "a slot is free or used", free[i]);
      seen[free[i]] = true;
    }
  }
}
