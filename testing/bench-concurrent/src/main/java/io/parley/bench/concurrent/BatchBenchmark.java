package io.parley.bench.concurrent;

import io.parley.concurrent.queue.BatchQueue;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Elements that another thread works on: 256 are offered, and the last one is waited for. The work
 * is to tell that an element is done; what is seen is how it gets there.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class BatchBenchmark {
  private static final int ELEMENTS = 256;
  private static final int MAX_BATCH = 64;

  /** Hands an element to the other thread. */
  interface Way extends AutoCloseable {
    void hand(CountDownLatch element) throws InterruptedException;

    @Override
    void close();
  }

  @Param({"parley", "taskAnElement", "threadThatDrains"})
  String way = "";

  private Way ways = new Tasks(Executors.newSingleThreadExecutor());

  @Setup
  public void open() {
    ways.close();
    ways =
        switch (way) {
          case "parley" -> new Batches(Executors.newSingleThreadExecutor());
          case "taskAnElement" -> new Tasks(Executors.newSingleThreadExecutor());
          case "threadThatDrains" -> new Drained();
          default -> throw new IllegalArgumentException(way);
        };
  }

  @TearDown
  public void close() {
    ways.close();
  }

  @Benchmark
  public void hand256() throws InterruptedException {
    CountDownLatch done = new CountDownLatch(ELEMENTS);
    for (int i = 0; i < ELEMENTS; i++) {
      ways.hand(done);
    }
    done.await();
  }

  private static void work(List<CountDownLatch> batch) {
    batch.forEach(CountDownLatch::countDown);
  }

  private record Batches(ExecutorService thread, BatchQueue<CountDownLatch> queue) implements Way {
    Batches(ExecutorService thread) {
      this(thread, new BatchQueue<>(2 * ELEMENTS, MAX_BATCH, thread, BatchBenchmark::work));
    }

    @Override
    public void hand(CountDownLatch element) {
      if (!queue.offer(element)) {
        throw new IllegalStateException("no room");
      }
    }

    @Override
    public void close() {
      queue.close();
      thread.shutdown();
    }
  }

  private record Tasks(ExecutorService thread) implements Way {
    @Override
    public void hand(CountDownLatch element) {
      thread.execute(element::countDown);
    }

    @Override
    public void close() {
      thread.shutdown();
    }
  }

  /** The JDK's queue and a thread of its own, which no other queue can share. */
  private static final class Drained implements Way {
    private final BlockingQueue<CountDownLatch> queue = new ArrayBlockingQueue<>(2 * ELEMENTS);
    private final Thread thread = Thread.ofPlatform().daemon().start(this::drain);

    private void drain() {
      List<CountDownLatch> batch = new ArrayList<>();
      try {
        while (true) {
          batch.add(queue.take());
          queue.drainTo(batch, MAX_BATCH - 1);
          work(batch);
          batch.clear();
        }
      } catch (InterruptedException e) {
        // closed
      }
    }

    @Override
    public void hand(CountDownLatch element) throws InterruptedException {
      queue.put(element);
    }

    @Override
    public void close() {
      thread.interrupt();
    }
  }
}
