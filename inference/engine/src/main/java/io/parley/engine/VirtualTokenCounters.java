package io.parley.engine;

import static io.parley.engine.InvariantBreach.unless;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;

/**
 * How much each organisation took of one priority class, divided by its weight: the virtual token
 * counters of Sheng et al., "Fairness in Serving Large Language Models", OSDI 2024. Whoever has the
 * smallest counter is served next.
 *
 * <p><b>The floor.</b> An organisation that comes back after a pause starts at the smallest counter
 * of those who compete, so that nobody saves up credit while idle. Here that rule is one number:
 * the floor is the smallest counter that was ever served next, it only rises, and no counter is
 * below it. A counter at the floor is therefore the same as none, and is not stored. It is the
 * virtual time of start-time fair queueing (Goyal et al., SIGCOMM 1996).
 *
 * <p><b>The bound.</b> Let organisations i and j both have a sequence waiting and be below their
 * caps all the time from t₁ to t₂, with weights wᵢ, wⱼ ≥ w. Let Sᵢ be what i is charged meanwhile.
 * Then
 *
 * <pre>{@code
 * |Sᵢ/wᵢ − Sⱼ/wⱼ| ≤ 2·U,   U = (P + D) / w
 *   P = prefill cost of the longest prompt
 *   D = decode cost of as many tokens as the memory holds, at the end of the context;
 *       a block that several sequences share holds its tokens once for each of them
 * }</pre>
 *
 * <p>Because: both compete, so neither counter is below the floor F, which is at most the smaller
 * of the two. When i was last admitted its counter was F as it was then, no higher than F is now.
 * Since then it was charged for that prompt, at most P, and for the decoding of what it runs, at
 * most D, since all that fits in memory together. So at any time each counter lies in [F, F + U],
 * their difference in [−U, U], and the change of that difference between t₁ and t₂ is at most 2·U.
 * The paper's 2·max(w_p·L_input, w_q·M) is the same with a prompt that counts among the M tokens.
 *
 * <p>A prompt is charged when it is admitted and computed in chunks over later steps. Measured in
 * computed tokens, at each of t₁ and t₂ up to the prompts that the memory holds are charged but not
 * yet computed, so the bound is {@code 2·(U + H)} with H = their prefill cost / w. A prompt that
 * ends before it is computed gets that part back, but never below the floor.
 *
 * <p>Not thread-safe.
 */
final class VirtualTokenCounters {
  /** Below this many counters nobody's is forgotten. */
  static final int KEPT_COUNTERS = 1024;

  private final Map<String, Double> counters = new HashMap<>(); // those above the floor
  private double floor;
  private int trimAt = KEPT_COUNTERS;

  double of(String organisation) {
    return Math.max(floor, counters.getOrDefault(organisation, floor));
  }

  /** Charges an organisation with {@code cost}, already divided by its weight. */
  void raise(String organisation, double cost) {
    counters.put(organisation, of(organisation) + cost);
  }

  /** Gives back what was charged and not used. */
  void lower(String organisation, double cost) {
    counters.put(organisation, Math.max(floor, of(organisation) - cost));
  }

  /** The smallest counter of those who compete, which is served next, becomes the floor. */
  void served(double smallest) {
    floor = Math.max(floor, smallest);
  }

  /**
   * Keeps the counters from growing in number with all organisations that ever were: now and then
   * forgets those at the floor, which changes nothing, and those of idle organisations, which
   * forgives each at most what the bound allows. Takes constant time on average.
   */
  void trim(Predicate<String> isActive) {
    if (counters.size() >= trimAt) {
      counters
          .entrySet()
          .removeIf(entry -> entry.getValue() <= floor || !isActive.test(entry.getKey()));
      trimAt = Math.max(KEPT_COUNTERS, 2 * counters.size());
    }
  }

  /** Forgets everything: when nobody is there, nobody was kept waiting by anyone. */
  void clear() {
    counters.clear();
    floor = 0;
    trimAt = KEPT_COUNTERS;
  }

  int size() {
    return counters.size();
  }

  void check() {
    unless(counters.size() < trimAt, "counters are trimmed", counters.size(), trimAt);
    for (double counter : counters.values()) {
      unless(counter >= 0 && counter < Double.POSITIVE_INFINITY, "a counter is a number");
    }
  }
}
