package io.parley.embedded;

import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/**
 * One call that a caller waits for while a database thread does it. It is begun once or withdrawn,
 * never both, and is settled once: by {@link #succeed} or {@link #fail}.
 */
final class DatabaseWork<T, X extends Exception> {
  private enum State {
    WAITING,
    BEGUN,
    WITHDRAWN
  }

  private final HandleCallback<T, X> callback;
  private final AtomicReference<State> state = new AtomicReference<>(State.WAITING);
  private final CompletableFuture<T> outcome = new CompletableFuture<>();
  private @Nullable T result;

  DatabaseWork(HandleCallback<T, X> callback) {
    this.callback = callback;
  }

  /** Whether the database thread is to do it; false if its caller went away. */
  boolean begin() {
    return state.compareAndSet(State.WAITING, State.BEGUN);
  }

  /** Does the work and keeps its result until {@link #succeed} hands it over. */
  void runWith(Jdbi jdbi) throws X {
    try (Handle handle = jdbi.open()) {
      result = callback.withHandle(handle);
    }
  }

  @SuppressWarnings("NullAway") // a callback may return null, and then the caller gets it
  void succeed() {
    outcome.complete(result);
  }

  void fail(Throwable failure) {
    outcome.completeExceptionally(failure);
  }

  /** Waits for the outcome; what the work threw is thrown here as it is. */
  T await() throws X {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return outcome.get();
        } catch (InterruptedException e) {
          interrupted = true;
          if (state.compareAndSet(State.WAITING, State.WITHDRAWN)) {
            throw new ParleyException(
                ErrorCode.API, "interrupted while waiting for the database; nothing was done", e);
          }
        } catch (ExecutionException e) {
          throw thrown(e.getCause() == null ? e : e.getCause());
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** The compiler has checked that the callback throws no checked exception but X. */
  @SuppressWarnings("unchecked")
  private X thrown(Throwable failure) {
    if (failure instanceof Error error) {
      throw error;
    }
    return (X) failure;
  }
}
