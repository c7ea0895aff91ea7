package io.parley.embedded.search;

import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The one thread that writes files of the index. Callers wait for it and are never interrupted in
 * the middle: an interrupt inside of a file channel would close the file for everybody.
 */
final class IndexThread implements AutoCloseable {
  /** Changes that may wait; one more is refused with OVERLOADED. */
  static final int MAX_WAITING = 10_000;

  private static final long BUSY_RETRY_MS = 1_000;

  private final ThreadPoolExecutor thread =
      new ThreadPoolExecutor(
          1,
          1,
          0,
          TimeUnit.SECONDS,
          new LinkedBlockingQueue<>(MAX_WAITING),
          Thread.ofPlatform().name("search-index").factory());

  interface Work<T> {
    T run() throws IOException;
  }

  <T> T await(Work<T> work) {
    Future<T> outcome = submit(work);
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return outcome.get();
        } catch (InterruptedException e) {
          interrupted = true;
        } catch (ExecutionException e) {
          throw new ParleyException(
              ErrorCode.API, "the search index failed: " + e.getCause(), e.getCause());
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private <T> Future<T> submit(Work<T> work) {
    try {
      return thread.submit(work::run);
    } catch (RejectedExecutionException e) {
      if (thread.isShutdown()) {
        throw new IllegalStateException("the search index is closed", e);
      }
      throw ParleyException.overloaded("the search index has too much to do", BUSY_RETRY_MS);
    }
  }

  boolean isClosed() {
    return thread.isShutdown();
  }

  /** Takes nothing more; what waits is still done. */
  @Override
  public void close() {
    thread.close();
  }
}
