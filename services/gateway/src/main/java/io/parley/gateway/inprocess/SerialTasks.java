package io.parley.gateway.inprocess;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Runs tasks one after the other, in the order in which they come, on threads that are busy no
 * longer than there are tasks. {@link #run} returns at once and never throws. Thread-safe.
 */
final class SerialTasks {
  private final Executor threads;
  private final Consumer<RuntimeException> onFault;
  private final ConcurrentLinkedQueue<Runnable> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicInteger count = new AtomicInteger();

  /**
   * Tasks that run on these threads.
   *
   * @param onFault is told what a task threw, or that there are no more threads; the tasks after it
   *     run all the same, if they can
   */
  SerialTasks(Executor threads, Consumer<RuntimeException> onFault) {
    this.threads = threads;
    this.onFault = onFault;
  }

  /** Has a task run behind those that came before. */
  void run(Runnable task) {
    waiting.add(task);
    if (count.getAndIncrement() == 0) {
      try {
        threads.execute(this::drain);
      } catch (RejectedExecutionException e) {
        onFault.accept(e);
      }
    }
  }

  private void drain() {
    do {
      Runnable next = waiting.poll();
      if (next != null) {
        runOne(next);
      }
    } while (count.decrementAndGet() > 0);
  }

  private void runOne(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException e) {
      onFault.accept(e);
    }
  }
}
