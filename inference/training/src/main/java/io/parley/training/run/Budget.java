package io.parley.training.run;

/** How long a run is. */
public sealed interface Budget {
  /** A number of steps. */
  record Steps(long count) implements Budget {}

  /**
   * About so many minutes: turned into a number of steps after the first few, once, so that a run
   * that is resumed does not depend on the clock.
   */
  record Minutes(double count) implements Budget {}
}
