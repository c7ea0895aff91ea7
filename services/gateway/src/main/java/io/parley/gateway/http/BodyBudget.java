package io.parley.gateway.http;

import java.util.concurrent.atomic.AtomicLong;

/** Memory for the bodies of all requests together. Thread-safe. */
final class BodyBudget {
  private final AtomicLong left;

  BodyBudget(long bytes) {
    left = new AtomicLong(bytes);
  }

  boolean tryTake(int bytes) {
    if (left.addAndGet(-bytes) >= 0) {
      return true;
    }
    left.addAndGet(bytes);
    return false;
  }

  void giveBack(long bytes) {
    left.addAndGet(bytes);
  }
}
