package io.parley.simulation.fleet;

/** Who is next, of those who wait. */
public enum Sharing {
  /** The tenant that took the least: virtual token counters. */
  FAIR,
  /** Whoever came first: all tenants are one organisation to the engine. */
  ARRIVAL
}
