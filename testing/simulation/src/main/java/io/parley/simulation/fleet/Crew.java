package io.parley.simulation.fleet;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Some threads that play an interval for all replicas, a few at a time, whoever is free. Each has
 * statistics of its own.
 */
final class Crew {
  private static final int REPLICAS_AT_A_TIME = 16;

  private final ExecutorService executor;
  private final List<Statistics> statistics;

  /** {@code executor} runs as many tasks at once as there are statistics. */
  Crew(ExecutorService executor, List<Statistics> statistics) {
    this.executor = executor;
    this.statistics = statistics;
  }

  void advance(List<Replica> replicas, long untilNanos) {
    if (statistics.size() == 1 || replicas.size() <= REPLICAS_AT_A_TIME) {
      replicas.forEach(replica -> replica.advance(untilNanos, statistics.getFirst()));
      return;
    }
    AtomicInteger next = new AtomicInteger();
    List<Callable<Boolean>> tasks = new ArrayList<>();
    for (Statistics own : statistics) {
      tasks.add(
          () -> {
            advanceSome(replicas, next, untilNanos, own);
            return true;
          });
    }
    await(tasks);
  }

  private static void advanceSome(
      List<Replica> replicas, AtomicInteger next, long untilNanos, Statistics own) {
    int from = next.getAndAdd(REPLICAS_AT_A_TIME);
    while (from < replicas.size()) {
      int to = Math.min(replicas.size(), from + REPLICAS_AT_A_TIME);
      for (int i = from; i < to; i++) {
        replicas.get(i).advance(untilNanos, own);
      }
      from = next.getAndAdd(REPLICAS_AT_A_TIME);
    }
  }

  private void await(List<Callable<Boolean>> tasks) {
    try {
      for (Future<Boolean> future : executor.invokeAll(tasks)) {
        future.get();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("a replica could not be played on", e.getCause());
    }
  }
}
