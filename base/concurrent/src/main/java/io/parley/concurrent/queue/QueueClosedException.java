package io.parley.concurrent.queue;

/** Something was to be put into a {@link BoundedQueue} that is closed; it is not in the queue. */
public final class QueueClosedException extends IllegalStateException {
  private static final long serialVersionUID = 1;

  QueueClosedException() {
    super("the queue is closed: what is in it can still be taken, nothing can be put");
  }
}
