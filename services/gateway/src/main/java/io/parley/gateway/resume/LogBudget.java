package io.parley.gateway.resume;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/** Memory for the events of all answers together. Thread-safe. */
public final class LogBudget {
  private final long maxBytes;
  private final BooleanSupplier makeRoom;
  private final AtomicLong taken = new AtomicLong();

  /**
   * @param maxBytes what all logs may hold
   * @param makeRoom asked again and again when there is too little room: gives some back, or says
   *     that it cannot
   */
  public LogBudget(long maxBytes, BooleanSupplier makeRoom) {
    this.maxBytes = maxBytes;
    this.makeRoom = makeRoom;
  }

  /** Counts bytes that are there in any case; false if there is no room to keep them for long. */
  boolean take(long bytes) {
    taken.addAndGet(bytes);
    while (taken.get() > maxBytes) {
      if (!makeRoom.getAsBoolean()) {
        return false;
      }
    }
    return true;
  }

  void giveBack(long bytes) {
    taken.addAndGet(-bytes);
  }

  /** What all logs hold now, in bytes. */
  public long takenBytes() {
    return taken.get();
  }
}
