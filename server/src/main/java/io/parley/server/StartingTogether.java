package io.parley.server;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Starts several things at the same time: all of them, or none is left running. Used by one thread.
 */
final class StartingTogether {
  private record Start<T>(Future<T> future, Consumer<? super T> undo) {
    void undoIfStarted() {
      if (future.state() == Future.State.SUCCESS) {
        undo.accept(future.resultNow());
      }
    }
  }

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<Start<?>> starts = new ArrayList<>();

  /**
   * Begins to start one, on a thread of its own.
   *
   * @param undo gives it back, if another one fails
   * @return gives the result once {@link #await} has returned
   */
  <T> Supplier<T> start(Callable<T> start, Consumer<? super T> undo) {
    Future<T> future = threads.submit(start);
    starts.add(new Start<>(future, undo));
    return future::resultNow;
  }

  /**
   * Waits until all are started.
   *
   * @throws RuntimeException the failure of the first that failed, in the order of their starts;
   *     those that did not fail are undone by then
   */
  void await() {
    threads.close();
    for (Start<?> start : starts) {
      if (start.future.state() == Future.State.FAILED) {
        starts.forEach(Start::undoIfStarted);
        throw unchecked(start.future.exceptionNow());
      }
    }
  }

  private static RuntimeException unchecked(Throwable failure) {
    return failure instanceof RuntimeException e ? e : new IllegalStateException(failure);
  }
}
