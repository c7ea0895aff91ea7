package io.parley.ports.model;

/**
 * Receives the events of one generation, in order, one at a time.
 *
 * <p>It is called on the thread that drives the model for every request: it must return in
 * microseconds, must not block, and must not throw.
 */
@FunctionalInterface
public interface GenerationListener {
  void on(GenerationEvent event);
}
