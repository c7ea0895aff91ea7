package io.parley.engine;

import static java.util.Objects.requireNonNull;

import java.util.EnumMap;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Charges each organisation for what its sequences compute, in the counters of the sequence's
 * class. Classes are apart: what an organisation takes in one does not set it back in another,
 * where others may have waited much longer.
 *
 * <p>A prompt is charged as a whole when it is admitted, so that the next choice knows of it; its
 * part that never came to be computed is given back. A generated token is charged when it is
 * computed. Each position is charged once: what a cache held costs nothing, and what has to be
 * computed again after a preemption is not the organisation's doing.
 */
final class FairShares {
  private final TokenCost cost;
  private final Map<PriorityClass, VirtualTokenCounters> counters =
      new EnumMap<>(PriorityClass.class);

  FairShares(TokenCost cost) {
    this.cost = cost;
    for (PriorityClass priority : PriorityClass.values()) {
      counters.put(priority, new VirtualTokenCounters());
    }
  }

  VirtualTokenCounters counters(PriorityClass priority) {
    return requireNonNull(counters.get(priority));
  }

  /** Charges the prompt of a sequence that has just got its blocks, and gives it its rank. */
  void admitted(Sequence sequence) {
    of(sequence).raise(sequence.organisation(), promptAhead(sequence));
    sequence.rank(of(sequence).of(sequence.organisation()));
  }

  /** Charges the next {@code count} tokens of a sequence, which are computed. */
  void computed(Sequence sequence, int count) {
    int from = Math.max(aheadOf(sequence), sequence.inputTokens());
    int to = sequence.computedTokens() + count;
    if (to > from) {
      double decode = cost.decode(from, to) / sequence.weight();
      of(sequence).raise(sequence.organisation(), decode);
    }
    sequence.charged(to);
  }

  /** Gives back what a sequence that leaves the memory has not computed of its prompt. */
  void left(Sequence sequence) {
    of(sequence).lower(sequence.organisation(), promptAhead(sequence));
  }

  /** What the rest of a prompt costs, divided by the weight. */
  private double promptAhead(Sequence sequence) {
    return cost.prefill(aheadOf(sequence), sequence.inputTokens()) / sequence.weight();
  }

  /** The first position that is still to be computed for the first time. */
  private static int aheadOf(Sequence sequence) {
    return Math.max(sequence.chargedTokens(), sequence.computedTokens());
  }

  private VirtualTokenCounters of(Sequence sequence) {
    return counters(sequence.priority());
  }

  void trim(Predicate<String> isActive) {
    counters.values().forEach(each -> each.trim(isActive));
  }

  void clear() {
    counters.values().forEach(VirtualTokenCounters::clear);
  }

  void check() {
    counters.values().forEach(VirtualTokenCounters::check);
  }
}
