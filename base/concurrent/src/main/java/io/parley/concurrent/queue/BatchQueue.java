package io.parley.concurrent.queue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * A bounded queue whose elements are worked on in batches, in the order in which they came, on a
 * thread that several such queues may share. What comes while a batch is worked on makes the next
 * one, so each element waits for one batch at most, and work that costs as much for many as for one
 * is done for many.
 *
 * <p><b>Why share the thread.</b> A hand-over between two threads costs tens of microseconds, most
 * of them until the other one runs. What the work on one queue offers to another one of the same
 * thread is there when that thread gets to it, without any. Between two batches of one queue the
 * others have their turn.
 *
 * <p>Thread-safe.
 *
 * @param <T> what is worked on; never null
 */
public final class BatchQueue<T> implements AutoCloseable {
  private final BoundedQueue<T> queue;
  private final int maxBatch;
  private final Executor thread;
  private final Consumer<? super List<T>> work;
  private final AtomicBoolean called = new AtomicBoolean();
  private final AtomicBoolean closing = new AtomicBoolean();

  /**
   * @param capacity elements that may wait
   * @param maxBatch elements of one batch, at least 1
   * @param thread one thread: with more, batches would overtake each other
   * @param work is given at least one element; must not throw
   */
  public BatchQueue(int capacity, int maxBatch, Executor thread, Consumer<? super List<T>> work) {
    if (maxBatch < 1) {
      throw new IllegalArgumentException("maxBatch must be at least 1, was " + maxBatch);
    }
    this.queue = BoundedQueue.unfair(capacity);
    this.maxBatch = maxBatch;
    this.thread = thread;
    this.work = work;
  }

  /** Puts an element at the end; false if there is no room, or the queue is closed. */
  public boolean offer(T element) {
    boolean taken = offered(element);
    if (taken) {
      call();
    }
    return taken;
  }

  private boolean offered(T element) {
    try {
      return queue.offer(element);
    } catch (QueueClosedException e) {
      return false;
    }
  }

  private void call() {
    if (called.compareAndSet(false, true)) {
      thread.execute(this::turn);
    }
  }

  private void turn() {
    // Before the look: whoever comes after it calls again.
    called.set(false);
    List<T> batch = new ArrayList<>();
    queue.drainTo(batch, maxBatch);
    if (queue.size() > 0) {
      call();
    }
    if (!batch.isEmpty()) {
      work.accept(batch);
    }
  }

  /**
   * Lets nothing more in, and returns when all that is inside is done. To close twice does nothing.
   */
  @Override
  public void close() {
    if (closing.getAndSet(true)) {
      return;
    }
    queue.close();
    CompletableFuture<Void> done = new CompletableFuture<>();
    thread.execute(() -> finish(done));
    done.join();
  }

  private void finish(CompletableFuture<Void> done) {
    try {
      while (!queue.isEnded()) {
        turn();
      }
    } finally {
      done.complete(null);
    }
  }
}
