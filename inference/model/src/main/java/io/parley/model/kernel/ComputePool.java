package io.parley.model.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A few threads that share one piece of arithmetic at a time; the caller is one of them.
 * Thread-safe; made for many short calls: a step of a model is hundreds, each of microseconds.
 *
 * <p><b>How it waits.</b> Between two pieces a worker spins for some tens of microseconds, the time
 * that a step needs between two matrices, and then parks: an idle server uses no processor time.
 * The caller never waits for a worker that has not begun: work is claimed in small chunks, and who
 * comes late finds none. So a core that the system takes away costs the chunk that it was at, not
 * the whole.
 *
 * <p><b>What it guarantees.</b> Every index is passed to the task exactly once, by one thread, and
 * all writes of the task are visible to the caller when {@link #run} returns. Which thread gets
 * which range differs from call to call, so a task must give the same bits for any cut: kernels
 * split outputs, never a sum.
 *
 * <p><b>Who finds it taken computes alone.</b> Two engines that share a pool never wait for each
 * other: while one has the workers, the other's call runs on its own thread. The same holds for a
 * call from within a task, and after {@link #close}.
 */
public final class ComputePool implements AutoCloseable {
  /** Chunks that each thread gets on average: more even out, fewer cost less. */
  private static final int CHUNKS_PER_THREAD = 4;

  private static final int MAX_THREADS = 1_024;

  /** Turns of the waiting loop, each a pause of the processor: about 50 µs. */
  private static final int SPINS = 2_000;

  /** Part of a piece of work. */
  @FunctionalInterface
  public interface Task {
    /**
     * Does indices [from, to).
     *
     * @param worker which of the threads this is, from 0 (the caller) to {@link #threads} − 1; no
     *     two of one call have the same
     */
    void run(int from, int to, int worker);
  }

  private final List<Worker> workers;
  private final AtomicBoolean taken = new AtomicBoolean();
  private volatile @Nullable Job job;
  private volatile boolean closed;

  private ComputePool(int threads, ThreadFactory factory) {
    List<Worker> made = new ArrayList<>();
    for (int i = 1; i < threads; i++) {
      made.add(new Worker(i, factory));
    }
    workers = List.copyOf(made);
    workers.forEach(worker -> worker.thread.start());
  }

  /**
   * Starts {@code threads − 1} workers.
   *
   * @param threads that compute, the caller included; 1 to 1,024
   * @param factory makes the workers; daemons, or the process outlives a pool that nobody closed
   */
  public static ComputePool of(int threads, ThreadFactory factory) {
    if (threads < 1 || threads > MAX_THREADS) {
      throw new IllegalArgumentException(
          "threads must be in [1, %d], not %d".formatted(MAX_THREADS, threads));
    }
    return new ComputePool(threads, factory);
  }

  /** As many threads as processors are available, named {@code compute}, as daemons. */
  public static ComputePool ofProcessors() {
    return of(
        Math.min(MAX_THREADS, Runtime.getRuntime().availableProcessors()),
        Thread.ofPlatform().name("compute-", 1).daemon().factory());
  }

  /** A pool of the caller alone; it has no thread and needs no closing. */
  public static ComputePool alone() {
    return of(1, Thread.ofPlatform().factory());
  }

  /** How many threads compute, the caller included. */
  public int threads() {
    return workers.size() + 1;
  }

  /**
   * Runs a task over indices 0 to {@code count} − 1 and returns when all are done.
   *
   * @throws RuntimeException or Error: the first that the task threw, in whatever thread; then some
   *     ranges may not have been run, but none is running any more, and the pool can be used again
   */
  public void run(int count, Task task) {
    if (workers.isEmpty() || count < 2 || closed || !taken.compareAndSet(false, true)) {
      if (count > 0) {
        task.run(0, count, 0);
      }
      return;
    }
    try {
      share(new Job(count, chunk(count), task, Thread.currentThread()));
    } finally {
      taken.setRelease(false);
    }
  }

  private int chunk(int count) {
    return Math.max(1, Math.ceilDiv(count, threads() * CHUNKS_PER_THREAD));
  }

  private void share(Job shared) {
    job = shared;
    workers.forEach(Worker::wake);
    shared.work(0);
    shared.awaitClaimed();
    job = null;
    shared.rethrow();
  }

  /** Ends the workers once they have done what they are at. Does not wait for them. */
  @Override
  public void close() {
    closed = true;
    workers.forEach(worker -> LockSupport.unpark(worker.thread));
  }

  /** One call of {@link #run}. */
  private static final class Job {
    private final int count;
    private final int chunk;
    private final Task task;
    private final Thread caller;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger done = new AtomicInteger();
    private final AtomicBoolean failed = new AtomicBoolean();
    private volatile @Nullable Throwable failure;

    Job(int count, int chunk, Task task, Thread caller) {
      this.count = count;
      this.chunk = chunk;
      this.task = task;
      this.caller = caller;
    }

    /** Claims and runs chunks until none is left. */
    void work(int worker) {
      for (int from = claim(); from < count; from = claim()) {
        int to = Math.min(count - from, chunk) + from;
        runChunk(from, to, worker);
        if (done.addAndGet(to - from) == count && worker != 0) {
          LockSupport.unpark(caller);
        }
      }
    }

    /** Each thread claims once too often, which may not overflow: hence the look before. */
    private int claim() {
      return next.get() >= count ? count : next.getAndAdd(chunk);
    }

    @SuppressWarnings("CatchingUnchecked") // Whatever it was, it belongs to the caller.
    private void runChunk(int from, int to, int worker) {
      if (failure != null) {
        return;
      }
      try {
        task.run(from, to, worker);
      } catch (Throwable e) {
        if (failed.compareAndSet(false, true)) {
          failure = e;
        }
      }
    }

    /** The caller is through; what is left is in the hands of workers. */
    void awaitClaimed() {
      boolean interrupted = false;
      for (int spins = 0; done.get() < count; spins++) {
        if (spins < SPINS) {
          Thread.onSpinWait();
        } else {
          LockSupport.park(this);
          interrupted |= Thread.interrupted(); // or park would return at once, for ever
        }
      }
      if (interrupted) {
        caller.interrupt();
      }
    }

    void rethrow() {
      switch (failure) {
        case null -> {}
        case RuntimeException e -> throw e;
        case Error e -> throw e;
        case Throwable e -> throw new IllegalStateException(e);
      }
    }
  }

  /** A thread of the pool. */
  private final class Worker implements Runnable {
    private final int index;
    private final Thread thread;
    private volatile boolean parked;

    Worker(int index, ThreadFactory factory) {
      this.index = index;
      this.thread = factory.newThread(this);
    }

    void wake() {
      if (parked) {
        LockSupport.unpark(thread);
      }
    }

    @Override
    public void run() {
      Job last = null;
      while (!closed) {
        Job current = job;
        if (current != null && current != last) {
          current.work(index);
          last = current;
        } else {
          awaitOther(current);
        }
      }
    }

    /** Returns when there is another job than {@code seen}, or for no reason. */
    private void awaitOther(@Nullable Job seen) {
      for (int spins = 0; spins < SPINS; spins++) {
        if ((job != seen && job != null) || closed) {
          return;
        }
        Thread.onSpinWait();
      }
      parked = true; // before the last look: who sets a job after it sees that we sleep
      Job now = job;
      if ((now == null || now == seen) && !closed) {
        LockSupport.park(ComputePool.this);
      }
      parked = false;
    }
  }
}
