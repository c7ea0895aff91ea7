package io.parley.bench;

import io.parley.common.TimeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/**
 * The same request again and again on some connections, each as soon as the one before is answered,
 * or at a pace. One use at a time.
 */
final class RequestLoad {
  private static final int OK = 200;

  private final byte[] request;
  private final int port;
  private final TimeSource time;

  RequestLoad(byte[] request, int port, TimeSource time) {
    this.request = request;
    this.port = port;
    this.time = time;
  }

  /**
   * What came of a load.
   *
   * @param micros latencies of the answers
   * @param refused how often which status came instead of an answer
   * @param processorMicros of this process in the meantime, its client included
   */
  record Outcome(
      Histogram micros, SortedMap<Integer, Long> refused, double seconds, long processorMicros) {
    double rate() {
      return micros.getTotalCount() / seconds;
    }

    double p50Ms() {
      return micros.getValueAtPercentile(50) / 1e3;
    }

    double p99Ms() {
      return micros.getValueAtPercentile(99) / 1e3;
    }

    double processorMicrosEach() {
      return (double) processorMicros / Math.max(1, micros.getTotalCount());
    }
  }

  /** As fast as the answers come. */
  Outcome run(int connections, int seconds) throws InterruptedException, ExecutionException {
    return run(connections, seconds, 0);
  }

  /**
   * At a pace, if the answers come as fast. A request's latency then counts from when it was due,
   * so that one which waits for its connection is not left out.
   *
   * @param perSecond requests on all connections together; 0 for as fast as the answers come
   */
  Outcome run(int connections, int seconds, double perSecond)
      throws InterruptedException, ExecutionException {
    long pauseNanos = perSecond == 0 ? 0 : (long) (1e9 * connections / perSecond);
    Histogram sum = new Histogram(3);
    ConcurrentSkipListMap<Integer, Long> refused = new ConcurrentSkipListMap<>();
    long begin = time.nanoTime();
    long end = begin + TimeUnit.SECONDS.toNanos(seconds);
    long processorMicros = ProcessFigures.processorMicros();
    // Not virtual ones: those would take turns with the server's.
    try (ExecutorService threads =
        Executors.newThreadPerTaskExecutor(Thread.ofPlatform().name("client").factory())) {
      List<Callable<Histogram>> clients = new ArrayList<>();
      for (int i = 0; i < connections; i++) {
        long first = begin + pauseNanos * i / connections;
        clients.add(() -> drive(first, end, pauseNanos, refused));
      }
      for (Future<Histogram> part : threads.invokeAll(clients)) {
        sum.add(part.get());
      }
    }
    double took = (time.nanoTime() - begin) / 1e9;
    return new Outcome(sum, refused, took, ProcessFigures.processorMicros() - processorMicros);
  }

  private Histogram drive(
      long first, long end, long pauseNanos, ConcurrentMap<Integer, Long> refused)
      throws Exception {
    Histogram micros = new Histogram(3);
    try (HttpConnection connection = new HttpConnection(port)) {
      long due = first;
      for (long now = time.nanoTime(); now < end; now = time.nanoTime()) {
        if (pauseNanos > 0 && due > now) {
          LockSupport.parkNanos(due - now);
          continue;
        }
        long start = pauseNanos > 0 ? due : now;
        due += pauseNanos;
        int status = connection.exchange(request, body -> {});
        if (status == OK) {
          micros.recordValue((time.nanoTime() - start) / 1_000);
        } else {
          refused.merge(status, 1L, Long::sum);
        }
      }
    }
    return micros;
  }
}
