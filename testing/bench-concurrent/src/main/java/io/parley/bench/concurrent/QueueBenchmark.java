package io.parley.bench.concurrent;

import io.parley.concurrent.queue.BoundedQueue;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jctools.queues.MpmcArrayQueue;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Group;
import org.openjdk.jmh.annotations.GroupThreads;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.Control;

/**
 * One producer and one consumer through a queue of 1,024 places: elements a second that come out.
 * {@code AloneBenchmark} below is one thread alone.
 */
@State(Scope.Group)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class QueueBenchmark {
  /** What is measured. */
  interface Channel {
    boolean put(Integer element) throws InterruptedException;

    boolean take() throws InterruptedException;

    int drain(Collection<Integer> target) throws InterruptedException;
  }

  @Param({"parley", "parleyFair", "ArrayBlockingQueue", "LinkedBlockingQueue", "jctoolsMpmc"})
  String queue = "";

  private Channel channel = channel("parley");

  static Channel channel(String name) {
    return switch (name) {
      case "parley" -> new OursChannel(BoundedQueue.unfair(1_024));
      case "parleyFair" -> new OursChannel(BoundedQueue.fair(1_024));
      case "ArrayBlockingQueue" -> new JdkChannel(new ArrayBlockingQueue<>(1_024));
      case "LinkedBlockingQueue" -> new JdkChannel(new LinkedBlockingQueue<>(1_024));
      case "jctoolsMpmc" -> new JctoolsChannel(new MpmcArrayQueue<>(1_024));
      default -> throw new IllegalArgumentException(name);
    };
  }

  @Setup(Level.Iteration)
  public void open() {
    channel = channel(queue);
  }

  /** Waits at most so long: at the end of an iteration the other side is gone. */
  private static final long PATIENCE_NANOS = 10_000_000;

  private record OursChannel(BoundedQueue<Integer> queue) implements Channel {
    @Override
    public boolean put(Integer element) throws InterruptedException {
      return queue.offer(element, PATIENCE_NANOS);
    }

    @Override
    public boolean take() throws InterruptedException {
      return queue.poll(PATIENCE_NANOS) != null;
    }

    @Override
    public int drain(Collection<Integer> target) {
      return queue.drainTo(target, 64);
    }
  }

  private record JdkChannel(BlockingQueue<Integer> queue) implements Channel {
    @Override
    public boolean put(Integer element) throws InterruptedException {
      return queue.offer(element, PATIENCE_NANOS, TimeUnit.NANOSECONDS);
    }

    @Override
    public boolean take() throws InterruptedException {
      return queue.poll(PATIENCE_NANOS, TimeUnit.NANOSECONDS) != null;
    }

    @Override
    public int drain(Collection<Integer> target) {
      return queue.drainTo(target, 64);
    }
  }

  /** It cannot wait: it spins, and takes a whole core while it does. */
  private record JctoolsChannel(MpmcArrayQueue<Integer> queue) implements Channel {
    @Override
    public boolean put(Integer element) {
      return spin(() -> queue.offer(element));
    }

    @Override
    public boolean take() {
      return spin(() -> queue.poll() != null);
    }

    @Override
    public int drain(Collection<Integer> target) {
      return queue.drain(target::add, 64);
    }

    private static boolean spin(BooleanSupplier attempt) {
      for (int i = 0; i < 100_000; i++) {
        if (attempt.getAsBoolean()) {
          return true;
        }
        Thread.onSpinWait();
      }
      return false;
    }
  }

  @Benchmark
  @Group("handOver")
  @GroupThreads(1)
  public boolean put(Control control) throws InterruptedException {
    boolean put = false;
    while (!put && !control.stopMeasurement) {
      put = channel.put(1);
    }
    return put;
  }

  @Benchmark
  @Group("handOver")
  @GroupThreads(1)
  public boolean take(Control control) throws InterruptedException {
    boolean taken = false;
    while (!taken && !control.stopMeasurement) {
      taken = channel.take();
    }
    return taken;
  }

  @TearDown(Level.Iteration)
  public void close() throws InterruptedException {
    List<Integer> left = new ArrayList<>();
    while (channel.drain(left) > 0) {
      left.clear();
    }
  }

  /** One thread: put and take, without anybody else. */
  @State(Scope.Thread)
  @BenchmarkMode(Mode.Throughput)
  @OutputTimeUnit(TimeUnit.SECONDS)
  public static class AloneBenchmark {
    @Param({"parley", "ArrayBlockingQueue", "LinkedBlockingQueue", "jctoolsMpmc"})
    String queue = "";

    private Channel channel = channel("parley");
    private final List<Integer> target = new ArrayList<>(64);

    @Setup
    public void open() {
      channel = channel(queue);
    }

    @Benchmark
    public boolean putAndTake() throws InterruptedException {
      return channel.put(1) && channel.take();
    }

    /** 64 puts and one drain: elements a second are 64 times the score. */
    @Benchmark
    public int put64AndDrain() throws InterruptedException {
      for (int i = 0; i < 64; i++) {
        channel.put(1);
      }
      target.clear();
      return channel.drain(target);
    }
  }
}
