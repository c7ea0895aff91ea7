package io.parley.concurrent;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** A clock that moves when a test says so. Thread-safe. */
public final class VirtualClock implements LongSupplier {
  private final AtomicLong nanos;

  /** Starts anywhere: nobody may rely on where. */
  public VirtualClock(long startNanos) {
    nanos = new AtomicLong(startNanos);
  }

  public VirtualClock() {
    this(-5_000_000_000L);
  }

  @Override
  public long getAsLong() {
    return nanos.get();
  }

  public void advance(long byNanos) {
    nanos.addAndGet(byNanos);
  }

  public void advanceMs(long byMs) {
    advance(byMs * 1_000_000);
  }
}
