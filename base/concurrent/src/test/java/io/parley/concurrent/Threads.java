package io.parley.concurrent;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Threads of a test: none outlives it, and what goes wrong in one fails it. */
public final class Threads implements AutoCloseable {
  /** Longer than anything takes; a test that waits so long has found a hang. */
  public static final long HANG_SECONDS = 60;

  private final ExecutorService executor = Executors.newCachedThreadPool();
  private final List<Future<?>> started = new ArrayList<>();

  public <T> Future<T> start(Callable<T> task) {
    Future<T> future = executor.submit(task);
    started.add(future);
    return future;
  }

  /** A task without an answer. */
  @FunctionalInterface
  public interface Task {
    void run() throws Exception;
  }

  public void launch(Task task) {
    started.add(
        executor.submit(
            () -> {
              task.run();
              return null;
            }));
  }

  /** Waits for all that was started, and fails as they failed. */
  public void join() throws Exception {
    for (Future<?> future : started) {
      result(future);
    }
  }

  public static <T> T result(Future<T> future) throws Exception {
    try {
      return future.get(HANG_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Exception cause) {
        throw cause;
      }
      throw e;
    } catch (TimeoutException e) {
      throw new AssertionError("a thread hangs", e);
    }
  }

  /** Waits until another thread has brought something about. */
  public static void until(BooleanSupplier condition) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(HANG_SECONDS);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("what was waited for did not come about");
      }
      LockSupport.parkNanos(20_000);
    }
  }

  /** Starts a thread and returns when it waits for something. */
  public Thread startWaiting(Runnable task) {
    Thread thread = new Thread(task);
    thread.setDaemon(true);
    thread.start();
    awaitWaiting(thread);
    return thread;
  }

  public static void awaitWaiting(Thread thread) {
    until(
        () ->
            thread.getState() == Thread.State.WAITING
                || thread.getState() == Thread.State.TIMED_WAITING);
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }
}
