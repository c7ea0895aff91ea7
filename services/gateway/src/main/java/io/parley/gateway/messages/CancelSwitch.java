package io.parley.gateway.messages;

import io.parley.ports.model.Generation;
import org.jspecify.annotations.Nullable;

/**
 * Cancels a generation that may not have been handed over yet: the client can go away while the
 * prompt is still being rendered. Thread-safe.
 */
final class CancelSwitch {
  private @Nullable Generation generation;
  private boolean cancelled;

  void attach(Generation started) {
    if (!keep(started)) {
      started.cancel();
    }
  }

  void cancel() {
    Generation running = markCancelled();
    if (running != null) {
      running.cancel();
    }
  }

  private synchronized boolean keep(Generation started) {
    generation = started;
    return !cancelled;
  }

  private synchronized @Nullable Generation markCancelled() {
    cancelled = true;
    return generation;
  }
}
