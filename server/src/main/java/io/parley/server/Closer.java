package io.parley.server;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * What was opened, to be closed in the opposite order: whether because everything stops, or because
 * the next part could not be opened. Owned by one thread.
 */
final class Closer implements AutoCloseable {
  private final Deque<Runnable> closings = new ArrayDeque<>();

  /** Closes this before everything that was added earlier. */
  void add(Runnable closing) {
    closings.push(closing);
  }

  /**
   * Closes everything, also if a part fails at it. Calling it again does nothing.
   *
   * @throws RuntimeException the first failure, with those after it as suppressed
   */
  @Override
  public void close() {
    @Nullable RuntimeException failure = null;
    while (!closings.isEmpty()) {
      try {
        closings.pop().run();
      } catch (RuntimeException e) {
        failure = first(failure, e);
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  /** Closes everything because of a failure, which stays the one to be thrown. */
  void closeAfter(RuntimeException failure) {
    try {
      close();
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
  }

  private static RuntimeException first(@Nullable RuntimeException earlier, RuntimeException now) {
    if (earlier == null) {
      return now;
    }
    earlier.addSuppressed(now);
    return earlier;
  }
}
