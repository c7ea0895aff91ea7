package io.parley.concurrent.top;

import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;

/**
 * A ranking of keys without bound, counted by many threads and read by many others.
 *
 * <p>Writers add to one of several {@link SpaceSaving} summaries, by thread. {@link #publish}
 * merges them into an immutable snapshot; readers take the last one without waiting for anybody.
 *
 * <p><b>Invariants</b>
 *
 * <ol>
 *   <li>Versions of snapshots grow by one, and a reader that has seen one never sees an older one.
 *   <li>What was added before {@code publish} was called is in its snapshot; what is added
 *       meanwhile may be, and is in the next.
 *   <li>Each count is at most {@code errorBound} too high, never too low, and {@code errorBound ≤
 *       total ÷ counters}; a key that is not among the counted has at most {@code errorBound}.
 * </ol>
 *
 * <p><b>The hazards.</b> <em>A ranking read while it is written</em> shows a key twice or not at
 * all: snapshots are immutable, and published through one volatile field, whose write happens
 * before every read that sees it. <em>A lock that all writers share</em> becomes the slowest part
 * of whatever they count: writers meet only those of their stripe. <em>Publishers that overtake
 * each other</em> would publish an older state under a newer version: they wait for each other.
 *
 * <p>Merging takes time in proportion to {@code stripes × counters}, and holds each stripe's lock
 * while it reads that stripe. How often to publish is the caller's choice: once a second is usual.
 *
 * <p>Source: see {@link SpaceSaving}; snapshots as in read-copy-update (McKenney and Slingwine,
 * 1998).
 */
public final class LiveTopK<K extends Comparable<? super K>> {
  /**
   * A ranking at one time.
   *
   * @param version 0 for the empty one before the first {@link #publish}, then one more each time
   * @param total the sum of all weights
   * @param errorBound how much a count may be too high at most
   * @param ranking best first; equal counts by key
   */
  public record Snapshot<K extends Comparable<? super K>>(
      long version, long total, long errorBound, List<SpaceSaving.Estimate<K>> ranking) {
    public Snapshot {
      ranking = List.copyOf(ranking);
    }
  }

  private static final class Stripe<K extends Comparable<? super K>> {
    final ReentrantLock lock = new ReentrantLock();
    final SpaceSaving<K> counts; // guarded by the lock

    Stripe(int counters) {
      counts = new SpaceSaving<>(counters);
    }
  }

  private final int k;
  private final int counters;
  private final List<Stripe<K>> stripes;
  private final ReentrantLock publishing = new ReentrantLock();
  private volatile Snapshot<K> latest = new Snapshot<>(0, 0, 0, List.of());

  /**
   * An empty ranking.
   *
   * @param k how many keys a snapshot shows, at least 1
   * @param counters places of each summary, at least {@code k}; ten times {@code k} is usual
   * @param stripes summaries, at least 1; twice the number of cores is usual
   */
  public LiveTopK(int k, int counters, int stripes) {
    if (k < 1 || counters < k || stripes < 1) {
      throw new IllegalArgumentException(
          "1 ≤ k ≤ counters and stripes ≥ 1 must hold; were %d, %d and %d"
              .formatted(k, counters, stripes));
    }
    this.k = k;
    this.counters = counters;
    this.stripes = IntStream.range(0, stripes).mapToObj(i -> new Stripe<K>(counters)).toList();
  }

  /** Adds to the weight of a key, at least 1. */
  public void add(K key, long weight) {
    int index = Long.hashCode(Thread.currentThread().threadId()) % stripes.size();
    Stripe<K> stripe = stripes.get(Math.abs(index));
    stripe.lock.lock();
    try {
      stripe.counts.add(key, weight);
    } finally {
      stripe.lock.unlock();
    }
  }

  /** Merges what was counted into a new snapshot, which {@link #latest} returns from now on. */
  public Snapshot<K> publish() {
    publishing.lock();
    try {
      SpaceSaving<K> all = new SpaceSaving<>(counters);
      for (Stripe<K> stripe : stripes) {
        stripe.lock.lock();
        try {
          all = all.mergedWith(stripe.counts);
        } finally {
          stripe.lock.unlock();
        }
      }
      latest = new Snapshot<>(latest.version + 1, all.total(), all.errorBound(), all.top(k));
      return latest;
    } finally {
      publishing.unlock();
    }
  }

  /** The snapshot that was published last. Waits for nobody. */
  public Snapshot<K> latest() {
    return latest;
  }
}
