package io.parley.concurrent.top;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.Collector;

/**
 * The {@code k} best of all that it was offered, in memory for {@code k}.
 *
 * <p><b>Invariants</b>
 *
 * <ol>
 *   <li>{@code heap} holds the best {@code min(k, offered)} of what was offered, with the worst of
 *       them on top.
 *   <li>The answer depends on what was offered, not on the order, nor on how it was spread over
 *       several of these that were merged: the order of {@link Ranked} is total.
 * </ol>
 *
 * <p><b>The hazard: ties.</b> With scores alone, which of ten keys with equal scores gets the last
 * place depends on the order of arrival, thus on threads; results flicker and tests fail now and
 * then.
 *
 * <p>A key should be offered once, with its final score: two offers are two entries. To add scores
 * up first, see {@link ParallelTopK} and {@link SpaceSaving}. An offer takes {@code O(log k)}, and
 * mostly one comparison. Not thread-safe: one for each worker, and {@link #merge} in the end;
 * {@link #collector} does that for parallel streams.
 *
 * <p>Source: selection by a bounded heap, Knuth, TAOCP 5.2.3; merging as in the combine step of
 * MapReduce (Dean and Ghemawat, 2004).
 */
public final class TopK<K extends Comparable<? super K>> {
  private final int k;
  private final Comparator<Ranked<K>> bestFirst = Ranked.bestFirst();
  private final PriorityQueue<Ranked<K>> heap;

  /** Nothing yet, of the {@code k} best, at least 1. */
  public TopK(int k) {
    if (k < 1) {
      throw new IllegalArgumentException("k must be at least 1, was " + k);
    }
    this.k = k;
    this.heap = new PriorityQueue<>(bestFirst.reversed());
  }

  /** Offers a key with its final score. */
  public void offer(K key, long score) {
    if (heap.size() < k || score >= heap.element().score()) {
      offer(new Ranked<>(key, score));
    }
  }

  private void offer(Ranked<K> candidate) {
    if (heap.size() < k) {
      heap.add(candidate);
    } else if (bestFirst.compare(candidate, heap.element()) < 0) {
      heap.remove();
      heap.add(candidate);
    }
  }

  /** Takes in what another has found; the other stays as it is. */
  public TopK<K> merge(TopK<K> other) {
    other.heap.forEach(this::offer);
    return this;
  }

  /** The best, best first: at most {@code k}. */
  public List<Ranked<K>> ranking() {
    List<Ranked<K>> ranking = new ArrayList<>(heap);
    ranking.sort(bestFirst);
    return List.copyOf(ranking);
  }

  /** Collects the best of a stream, also of a parallel one: a heap for each worker, then merged. */
  public static <T, K extends Comparable<? super K>> Collector<T, ?, List<Ranked<K>>> collector(
      int k, Function<? super T, ? extends K> key, ToLongFunction<? super T> score) {
    return Collector.of(
        () -> new TopK<K>(k),
        (top, element) -> top.offer(key.apply(element), score.applyAsLong(element)),
        TopK::merge,
        TopK::ranking,
        Collector.Characteristics.UNORDERED);
  }
}
