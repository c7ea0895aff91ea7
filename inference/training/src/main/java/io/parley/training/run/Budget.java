package io.parley.training.run;

import io.parley.common.ParleyException;

/** How long a run is. */
public sealed interface Budget {
  /** A number of steps. */
  record Steps(long count) implements Budget {
    public Steps {
      if (count < 1) {
        throw ParleyException.invalid("steps must be at least 1, not " + count);
      }
    }
  }

  /**
   * About so many minutes: turned into a number of steps after the first few, once, so that a run
   * that is resumed does not depend on the clock.
   */
  record Minutes(double count) implements Budget {
    public Minutes {
      if (!(count > 0 && count < Double.POSITIVE_INFINITY)) {
        throw ParleyException.invalid("minutes must be above 0, not " + count);
      }
    }
  }
}
