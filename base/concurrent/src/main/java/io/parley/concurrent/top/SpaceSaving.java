package io.parley.concurrent.top;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Counts keys without bound in {@code counters} places, and knows how wrong it may be.
 *
 * <p>A key that has no place takes that of the smallest count, and goes on from that count: it may
 * have been there before.
 *
 * <p><b>Invariants</b>, with {@code N} the sum of all weights that were added:
 *
 * <ol>
 *   <li>For each key with a place: {@code count − error ≤ true weight ≤ count}.
 *   <li>The counts sum up to {@code N} at most (exactly, until summaries are merged); so the
 *       smallest one, when all places are taken, and with it every {@code error}, and the true
 *       weight of every key <em>without</em> a place, is at most {@code N ÷ counters}.
 *   <li>Therefore a key whose true weight exceeds {@code N ÷ counters} has a place.
 *   <li>{@code heap} is a binary heap, smallest count on top; each counter knows its index in it.
 * </ol>
 *
 * <p><b>The hazard: unbounded keys.</b> A map of counters grows with whatever clients send, such as
 * a query string; a sample, or a map that is cleared when full, gives counts with no bound on their
 * error. Here memory is fixed, and each answer carries its own bound. <em>A count that wraps</em>
 * is the other: sums are checked.
 *
 * <p>An addition takes {@code O(log counters)}; weights may be any positive number. Among equal
 * counts the largest key goes first, so that the same input gives the same summary. Not
 * thread-safe: {@link LiveTopK} uses one for each of its stripes.
 *
 * <p>Source: Metwally, Agrawal and El Abbadi, "Efficient computation of frequent and top-k elements
 * in data streams" (ICDT 2005), with a heap in place of their list of buckets, because weights are
 * not always 1. Merging: Agarwal et al., "Mergeable summaries" (PODS 2012).
 */
public final class SpaceSaving<K extends Comparable<? super K>> {
  /**
   * What is known of a key.
   *
   * @param count its weight is at most this
   * @param error and at least {@code count − error}
   */
  public record Estimate<K extends Comparable<? super K>>(K key, long count, long error) {
    /** The weight that it has at least. */
    public long guaranteed() {
      return count - error;
    }
  }

  private static final class Counter<K> {
    final K key;
    long count;
    long error;
    int index;

    Counter(K key, long count, long error) {
      this.key = key;
      this.count = count;
      this.error = error;
    }
  }

  private final int counters;
  private final Map<K, Counter<K>> byKey = new HashMap<>();
  private final List<Counter<K>> heap = new ArrayList<>();
  private long total;
  private long forgotten; // a key without a place has at most this weight

  /** Nothing counted yet, with so many places, at least 1. */
  public SpaceSaving(int counters) {
    if (counters < 1) {
      throw new IllegalArgumentException("counters must be at least 1, was " + counters);
    }
    this.counters = counters;
  }

  /**
   * Adds to the weight of a key.
   *
   * @param weight at least 1
   * @throws ArithmeticException if the sum of all weights exceeds a long; nothing is added then
   */
  public void add(K key, long weight) {
    if (weight < 1) {
      throw new IllegalArgumentException("weight must be at least 1, was " + weight);
    }
    total = Math.addExact(total, weight);
    Counter<K> counter = byKey.get(key);
    if (counter != null) {
      counter.count += weight;
      sink(counter);
    } else if (heap.size() < counters) {
      append(new Counter<>(key, forgotten + weight, forgotten));
    } else {
      replaceSmallest(key, weight);
    }
  }

  private void replaceSmallest(K key, long weight) {
    Counter<K> smallest = heap.getFirst();
    byKey.remove(smallest.key);
    forgotten = Math.max(forgotten, smallest.count);
    Counter<K> counter = new Counter<>(key, smallest.count + weight, smallest.count);
    byKey.put(key, counter);
    place(counter, 0);
    sink(counter);
  }

  /** What is known of a key; for one without a place, a count and an error that are the same. */
  public Estimate<K> estimate(K key) {
    Counter<K> counter = byKey.get(key);
    return counter == null
        ? new Estimate<>(key, forgotten, forgotten)
        : new Estimate<>(key, counter.count, counter.error);
  }

  /** The keys with the highest counts, at most {@code k}; equal counts by key. */
  public List<Estimate<K>> top(int k) {
    TopK<K> top = new TopK<>(k);
    heap.forEach(counter -> top.offer(counter.key, counter.count));
    return top.ranking().stream().map(ranked -> estimate(ranked.key())).toList();
  }

  /** The sum of all weights that were added. */
  public long total() {
    return total;
  }

  /** No count is too high by more than this, and no key without a place has more. */
  public long errorBound() {
    return forgotten;
  }

  /**
   * Both streams in one summary; the two stay as they are. All invariants hold for it too: the
   * counts of its places are sums of one count of each, or of what the other has forgotten at most,
   * which is never above its smallest count.
   *
   * @param other with as many places as this one: the bound of the sum rests on it
   */
  public SpaceSaving<K> mergedWith(SpaceSaving<K> other) {
    if (other.counters != counters) {
      throw new IllegalArgumentException(
          "both must have as many counters: %d and %d".formatted(counters, other.counters));
    }
    SpaceSaving<K> merged = new SpaceSaving<>(counters);
    merged.total = Math.addExact(total, other.total);
    merged.forgotten = forgotten + other.forgotten;
    List<Counter<K>> sums =
        Stream.concat(
                heap.stream(),
                other.heap.stream().filter(counter -> !byKey.containsKey(counter.key)))
            .map(counter -> sum(counter.key, other))
            .sorted((a, b) -> isSmaller(a, b) ? 1 : isSmaller(b, a) ? -1 : 0)
            .toList();
    for (Counter<K> sum : sums) {
      if (merged.heap.size() < counters) {
        merged.append(sum);
      } else {
        merged.forgotten = Math.max(merged.forgotten, sum.count);
      }
    }
    return merged;
  }

  private Counter<K> sum(K key, SpaceSaving<K> other) {
    Estimate<K> mine = estimate(key);
    Estimate<K> theirs = other.estimate(key);
    return new Counter<>(key, mine.count + theirs.count, mine.error + theirs.error);
  }

  // ---- The heap ---------------------------------------------------------------------------------

  private boolean isSmaller(Counter<K> a, Counter<K> b) {
    return a.count != b.count ? a.count < b.count : a.key.compareTo(b.key) > 0;
  }

  private void append(Counter<K> counter) {
    byKey.put(counter.key, counter);
    heap.add(counter);
    counter.index = heap.size() - 1;
    rise(counter);
  }

  private void place(Counter<K> counter, int index) {
    heap.set(index, counter);
    counter.index = index;
  }

  private void rise(Counter<K> counter) {
    while (counter.index > 0) {
      Counter<K> parent = heap.get((counter.index - 1) / 2);
      if (!isSmaller(counter, parent)) {
        return;
      }
      swap(counter, parent);
    }
  }

  private void sink(Counter<K> counter) {
    for (Counter<K> child = smallerChild(counter);
        child != null && isSmaller(child, counter);
        child = smallerChild(counter)) {
      swap(child, counter);
    }
  }

  private @Nullable Counter<K> smallerChild(Counter<K> counter) {
    int left = 2 * counter.index + 1;
    if (left >= heap.size()) {
      return null;
    }
    int right = left + 1;
    return right < heap.size() && isSmaller(heap.get(right), heap.get(left))
        ? heap.get(right)
        : heap.get(left);
  }

  private void swap(Counter<K> a, Counter<K> b) {
    int indexOfA = a.index;
    place(a, b.index);
    place(b, indexOfA);
  }
}
