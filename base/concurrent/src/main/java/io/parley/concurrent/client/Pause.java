package io.parley.concurrent.client;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** How a call waits between attempts: for real, or in virtual time. */
@FunctionalInterface
public interface Pause {
  /** Waits for real. */
  Pause REAL = (closed, nanos) -> closed.await(nanos, TimeUnit.NANOSECONDS);

  /**
   * Waits for a time, or until the client is closed.
   *
   * @param closed becomes zero when the client is closed
   * @return whether the client is closed
   */
  boolean await(CountDownLatch closed, long nanos) throws InterruptedException;
}
