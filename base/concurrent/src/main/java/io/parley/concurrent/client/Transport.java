package io.parley.concurrent.client;

import java.io.IOException;

/** Makes a call once. Thread-safe. */
@FunctionalInterface
public interface Transport {
  /**
   * Makes a call and waits for the whole answer, of whatever status.
   *
   * @param timeoutNanos after which it gives up, above 0
   * @throws NotSentException if it failed and nothing was sent
   * @throws IOException if it failed and may have arrived, a time-out included
   */
  ApiResponse send(ApiRequest request, long timeoutNanos) throws IOException, InterruptedException;
}
