package io.parley.concurrent.top;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.function.ObjLongConsumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Adds up the scores of all keys of a stream of blocks, with many workers, and ranks them: exact,
 * and the same for any number of workers.
 *
 * <p>First, workers take blocks from the source, one at a time, and each adds up what it reads in
 * maps of its own, one for each partition of the keys. Then each partition is added up over the
 * workers by one thread, which keeps the {@code k} best of it; last, these heaps are merged.
 *
 * <p><b>Invariants</b>
 *
 * <ol>
 *   <li>No map is ever used by two threads at once: the first step ends for all before the second
 *       begins, and {@code Future.get} orders them.
 *   <li>A key is in one partition only, so its sum is final when its partition is ranked; the best
 *       {@code k} of all are among the best {@code k} of the partitions.
 *   <li>Never more blocks in memory than workers, whatever the length of the stream.
 * </ol>
 *
 * <p><b>The hazards.</b> <em>Ranking parts by their own sums</em>: a key that is eleventh
 * everywhere may be first in total, so heaps of workers must not be merged before sums are
 * complete; hence the partitions. <em>One shared map</em> of atomic counters makes the most
 * frequent keys, the very ones that are looked for, the most contended.
 *
 * <p>Memory is in proportion to the number of different keys, times workers at worst; where they
 * are without bound, use {@link SpaceSaving}. The threads are the executor's; it must have at least
 * one.
 *
 * <p>Source: combine, shuffle and reduce of MapReduce (Dean and Ghemawat, 2004), in one process.
 */
public final class ParallelTopK {
  /** What is in a block: gives each key with its score, as often as it occurs. */
  @FunctionalInterface
  public interface BlockReader<B, K> {
    void read(B block, ObjLongConsumer<K> counter) throws Exception;
  }

  private ParallelTopK() {}

  /**
   * The keys with the highest sums.
   *
   * @param k how many, at least 1
   * @param blocks read by one worker at a time; its exceptions end the run
   * @param reader called by several workers at once, for different blocks
   * @param workers how many blocks are read at once, at least 1
   * @param executor runs the workers
   * @throws ExecutionException with what a reader or the source threw; the other workers are
   *     interrupted, and end with their block at the latest
   */
  public static <B, K extends Comparable<? super K>> List<Ranked<K>> of(
      int k,
      Iterator<? extends B> blocks,
      BlockReader<B, K> reader,
      int workers,
      ExecutorService executor)
      throws InterruptedException, ExecutionException {
    if (k < 1 || workers < 1) {
      throw new IllegalArgumentException(
          "k and workers must be at least 1, were %d and %d".formatted(k, workers));
    }
    List<List<Map<K, Long>>> sums =
        allOf(executor, workers, worker -> sumsOfAWorker(blocks, reader, workers));
    List<TopK<K>> tops = allOf(executor, workers, partition -> topOfAPartition(k, partition, sums));
    return tops.stream().reduce(new TopK<>(k), TopK::merge).ranking();
  }

  private interface Part<T> {
    T run(int index) throws Exception;
  }

  private static <T> List<T> allOf(ExecutorService executor, int parts, Part<T> part)
      throws InterruptedException, ExecutionException {
    List<Future<T>> futures = new ArrayList<>();
    for (int i = 0; i < parts; i++) {
      int index = i;
      Callable<T> task = () -> part.run(index);
      futures.add(executor.submit(task));
    }
    try {
      List<T> results = new ArrayList<>();
      for (Future<T> future : futures) {
        results.add(future.get());
      }
      return results;
    } finally {
      futures.forEach(future -> future.cancel(true));
    }
  }

  private static <B, K> List<Map<K, Long>> sumsOfAWorker(
      Iterator<? extends B> blocks, BlockReader<B, K> reader, int partitions) throws Exception {
    List<Map<K, Long>> sums =
        IntStream.range(0, partitions).<Map<K, Long>>mapToObj(i -> new HashMap<>()).toList();
    for (B block = next(blocks); block != null; block = next(blocks)) {
      if (Thread.currentThread().isInterrupted()) {
        throw new CancellationException("interrupted between two blocks");
      }
      reader.read(
          block,
          (key, score) -> sums.get(partition(key, partitions)).merge(key, score, Math::addExact));
    }
    return sums;
  }

  private static <B> @Nullable B next(Iterator<? extends B> blocks) {
    synchronized (blocks) {
      return blocks.hasNext() ? blocks.next() : null;
    }
  }

  private static int partition(Object key, int partitions) {
    int hash = key.hashCode();
    return Math.floorMod(hash ^ (hash >>> 16), partitions);
  }

  private static <K extends Comparable<? super K>> TopK<K> topOfAPartition(
      int k, int partition, List<List<Map<K, Long>>> sums) {
    Map<K, Long> total = sums.getFirst().get(partition);
    for (List<Map<K, Long>> ofAWorker : sums.subList(1, sums.size())) {
      ofAWorker.get(partition).forEach((key, sum) -> total.merge(key, sum, Math::addExact));
    }
    TopK<K> top = new TopK<>(k);
    total.forEach(top::offer);
    return top;
  }
}
