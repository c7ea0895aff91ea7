package io.parley.concurrent.limit;

import io.parley.concurrent.Interleavings;
import io.parley.concurrent.limit.ConcurrencyLimit.Permit;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Permits are linearizable, end once, and no interleaving of waits loses one. */
public class ConcurrencyLimitInterleavingsTest {
  private final ConcurrencyLimit limit = ConcurrencyLimit.fixed(2);
  private final Permit shared = Objects.requireNonNull(limit.tryAcquire());

  @Operation
  public boolean tryAcquire() {
    return limit.tryAcquire() != null;
  }

  @Operation
  public void end() {
    shared.close();
  }

  @Operation
  public void succeed() {
    shared.succeeded();
  }

  @Operation
  public int inFlight() {
    return limit.inFlight();
  }

  @Test
  void isLinearizableUnderAllSwitchesThatWereTried() {
    Interleavings.modelCheck(ConcurrencyLimitInterleavingsTest.class);
  }

  @Test
  @Tag("soak")
  void isLinearizableUnderStress() {
    Interleavings.stress(ConcurrencyLimitInterleavingsTest.class);
  }

  @Test
  void waitersGetTheirTurnInEveryInterleaving() {
    Interleavings.of(
        () -> {
          ConcurrencyLimit one = ConcurrencyLimit.fixed(1);
          AtomicInteger inside = new AtomicInteger();
          Thread first = new Thread(() -> call(one, inside));
          Thread second = new Thread(() -> call(one, inside));
          first.start();
          second.start();
          first.interrupt();
          join(first);
          join(second);
          if (one.inFlight() != 0 || one.waiting() != 0) {
            throw new AssertionError("something is left behind");
          }
        });
  }

  private static void call(ConcurrencyLimit limit, AtomicInteger inside) {
    try (Permit permit = limit.acquire(Long.MAX_VALUE)) {
      if (permit == null || inside.incrementAndGet() > 1) {
        throw new AssertionError("two at once, or none without a time-out");
      }
      inside.decrementAndGet();
    } catch (InterruptedException e) {
      // Gave up: has no permit.
    }
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
