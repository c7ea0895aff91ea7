package io.parley.gateway.observation;

/** Is told of requests that have ended. Called on event loops and others: must not block. */
@FunctionalInterface
public interface RequestListener {
  /** Listens to nothing. */
  RequestListener NONE = timeline -> {};

  /** A request has ended; nothing of its timeline changes any more. */
  void ended(Timeline timeline);
}
