package io.parley.simulation.fleet;

/** How a request ended, from its client's point of view. */
public enum Outcome {
  /** The answer came to its own end. */
  COMPLETED,
  /** The client went away. */
  CANCELLED,
  /** A fault ended it, after its first token or too often. */
  FAILED,
  /** No replica had room for it, or none ever could. */
  REFUSED
}
