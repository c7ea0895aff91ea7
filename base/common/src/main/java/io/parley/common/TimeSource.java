package io.parley.common;

import java.time.Instant;

/**
 * Where time comes from. Code that needs to know the time is given one; tests and simulations give
 * it a virtual one. Thread-safe.
 */
public interface TimeSource {
  /** Nanoseconds since an arbitrary origin; never goes back. For durations and deadlines. */
  long nanoTime();

  /** The wall clock. For stamps that people read; may jump. */
  Instant now();

  /** The machine's own clocks: the one home of {@code System.nanoTime} and {@code Instant.now}. */
  static TimeSource system() {
    return SystemTime.INSTANCE;
  }
}
