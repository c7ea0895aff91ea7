package io.parley.ports.model;

/** A generation under way. Thread-safe. */
public interface Generation {
  /**
   * Stops it within one step of the engine and frees what it holds. The listener gets {@link
   * GenerationEvent.Cancelled}, unless another end came first. Calling it again, or after the end,
   * does nothing.
   */
  void cancel();
}
