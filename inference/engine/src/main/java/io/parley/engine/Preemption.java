package io.parley.engine;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;

/**
 * Who gives way when a sequence of a higher class finds no place or no memory: the lowest class
 * first, and in it the newest, which loses least. What it has computed is saved in host memory or
 * computed again later; what it has written stays.
 *
 * <p>Nobody is preempted more than {@value #MAX_PREEMPTIONS} times: from then on a sequence keeps
 * its place to its end. So no sequence is thrown back for ever, and the work that is lost is at
 * most that many times the work there is. The price: such a sequence can make a more urgent one
 * wait for its place.
 */
final class Preemption {
  static final int MAX_PREEMPTIONS = 3;

  private final EngineLimits limits;

  Preemption(EngineLimits limits) {
    this.limits = limits;
  }

  static boolean givesWay(Sequence running, Sequence next) {
    return running.priority().compareTo(next.priority()) > 0
        && running.preemptions() < MAX_PREEMPTIONS;
  }

  /**
   * Who gives way to {@code next}, in the order in which they go.
   *
   * @param running in the order of admission
   * @param ownFirst whether those of the same organisation go first: it is at its cap
   */
  Deque<Sequence> victims(Sequence next, List<Sequence> running, boolean ownFirst) {
    List<Sequence> victims = new ArrayList<>();
    for (Sequence sequence : running.reversed()) {
      if (givesWay(sequence, next)) {
        victims.add(sequence);
      }
    }
    Comparator<Sequence> lowestClass = Comparator.comparing(Sequence::priority).reversed();
    Comparator<Sequence> own = Comparator.comparing(sequence -> !sequence.sharesCapWith(next));
    victims.sort(ownFirst ? own.thenComparing(lowestClass) : lowestClass); // a stable sort
    return new ArrayDeque<>(victims);
  }

  /**
   * Whether the memory would suffice without the victims: nobody is preempted for nothing. A block
   * that several sequences share counts once.
   */
  boolean suffices(Sequence next, List<Sequence> running, Collection<Sequence> victims) {
    BitSet held = new BitSet(limits.blocks());
    for (Sequence sequence : running) {
      if (!victims.contains(sequence)) {
        Arrays.stream(sequence.blockTable()).forEach(held::set);
      }
    }
    return limits.worstCaseBlocks(next.request()) <= limits.blocks() - held.cardinality();
  }
}
