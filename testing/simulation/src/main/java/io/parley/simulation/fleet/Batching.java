package io.parley.simulation.fleet;

/** When a replica gives requests to its scheduler. */
public enum Batching {
  /** At once: the scheduler chooses anew at every step who runs. */
  CONTINUOUS,
  /**
   * When the last batch is through: as many as fit, and nobody joins them. What serving was before
   * Orca (Yu et al., OSDI 2022); for comparison.
   */
  STATIC
}
