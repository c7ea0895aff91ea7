package io.parley.engine;

import java.util.Arrays;

/**
 * The scheduler's books contradict each other: a bug of Parley. Whatever the scheduler holds can no
 * longer be trusted; its owner fails the sequences and makes a new one.
 */
public final class InvariantBreach extends IllegalStateException {
  public InvariantBreach(String message) {
    super(message);
  }

  /** Throws unless the invariant holds; {@code numbers} are those that it is about. */
  static void unless(boolean holds, String invariant, long... numbers) {
    if (!holds) {
      throw new InvariantBreach(invariant + ": " + Arrays.toString(numbers));
    }
  }
}
