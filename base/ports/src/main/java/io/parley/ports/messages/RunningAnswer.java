package io.parley.ports.messages;

/** An answer that was started. Thread-safe. */
public interface RunningAnswer {
  /**
   * Asks for its end; returns at once. The listener gets {@link AnswerEvent.Cancelled}, unless
   * another end was decided before. Calling it again, or after the end, does nothing.
   */
  void cancel();
}
