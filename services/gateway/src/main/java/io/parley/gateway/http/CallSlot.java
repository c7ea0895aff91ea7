package io.parley.gateway.http;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * One place among the calls that may be under way. The exchange holds it, the thread that works on
 * the call, and the answer, which may outlive both; whoever leaves last gives it up. Thread-safe.
 */
final class CallSlot {
  private final Runnable giveUp;
  private final AtomicInteger holders = new AtomicInteger(1);

  CallSlot(Runnable giveUp) {
    this.giveUp = giveUp;
  }

  /** One more holds it; called by somebody who does. */
  void share() {
    holders.incrementAndGet();
  }

  void leave() {
    if (holders.decrementAndGet() == 0) {
      giveUp.run();
    }
  }
}
