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
 * one, so work that costs as much for many as for one, such as syncing a file, is done for many.
 *
 * <p><b>Invariants</b>
 *
 * <ol>
 *   <li>Every element that was taken in is in exactly one batch, and batches keep its order.
 *   <li>One batch at a time is worked on, since there is one thread.
 *   <li>Whenever an element waits, a task for it has been given to the thread, or is about to be by
 *       a method that is still running.
 *   <li>When {@link #close} returns, everything is done, and nothing will ever be again.
 * </ol>
 *
 * <p><b>The hazard: a lost call.</b> A producer that sees that the thread was called already leaves
 * its element to that call; if the thread has looked for elements before, and takes its name off
 * the list after, nobody comes for the element. Here {@code called} goes back to false
 * <em>before</em> the queue is looked into: who comes later calls again, and at worst the thread
 * comes for nothing.
 *
 * <p><b>Why share the thread.</b> A hand-over between two threads costs tens of microseconds, most
 * of them until the other one runs. What the work on one queue offers to another one of the same
 * thread is there when that thread gets to it, without any. Between two batches of one queue the
 * others have their turn.
 *
 * <p>Thread-safe; only {@link #close} waits.
 *
 * <p>Source: group commit, as in D. J. DeWitt et al., "Implementation techniques for main memory
 * database systems" (SIGMOD 1984), over an executor as event loops use them.
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
   * @param thread one thread: with more, batches would overtake each other. It must take tasks for
   *     as long as the queue is open
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
