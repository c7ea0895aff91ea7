package io.parley.embedded;

import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** A fixed number of platform threads behind a bounded queue. Thread-safe. */
final class DatabaseThreads implements AutoCloseable {
  private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
  private final BlockingQueue<Runnable> waiting;
  private final ThreadPoolExecutor executor;
  private final ThreadFactory factory;
  private final String what;

  /**
   * @param what the work in the plural, for messages: {@code writes}
   */
  DatabaseThreads(String what, int count, int maxWaiting) {
    this.what = what;
    factory = Thread.ofPlatform().name("parley-sqlite-" + what + "-", 0).daemon().factory();
    waiting = new ArrayBlockingQueue<>(maxWaiting);
    executor = new ThreadPoolExecutor(count, count, 0, TimeUnit.SECONDS, waiting, this::thread);
  }

  private Thread thread(Runnable body) {
    Thread thread = factory.newThread(body);
    threads.add(thread);
    return thread;
  }

  boolean areRunningThis() {
    return threads.contains(Thread.currentThread());
  }

  void execute(Runnable work) {
    try {
      executor.execute(work);
    } catch (RejectedExecutionException e) {
      if (executor.isShutdown()) {
        throw new IllegalStateException("the database is closed", e);
      }
      throw new ParleyException(
          ErrorCode.OVERLOADED, "the database has " + waiting.size() + " " + what + " waiting", e);
    }
  }

  /** Takes work out of the queue, to be done by the caller, which is one of the threads. */
  void drainTo(List<Runnable> work, int max) {
    waiting.drainTo(work, max);
  }

  /**
   * Lets what waits be done, then ends the threads. An interrupt is kept for later: giving up here
   * would leave callers waiting for ever.
   */
  @Override
  public void close() {
    executor.shutdown();
    boolean interrupted = false;
    while (!executor.isTerminated()) {
      try {
        executor.awaitTermination(1, TimeUnit.MINUTES);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
