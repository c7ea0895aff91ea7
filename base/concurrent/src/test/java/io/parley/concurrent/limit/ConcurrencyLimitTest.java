package io.parley.concurrent.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.concurrent.Threads;
import io.parley.concurrent.VirtualClock;
import io.parley.concurrent.limit.ConcurrencyLimit.Permit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class ConcurrencyLimitTest {
  @Test
  void givesAsManyPermitsAsItsLimit() throws Exception {
    ConcurrencyLimit limit = ConcurrencyLimit.fixed(2);
    Permit first = Objects.requireNonNull(limit.tryAcquire());
    assertThat(limit.acquire(0)).isNotNull();
    assertThat(limit.tryAcquire()).isNull();
    assertThat(limit.acquire(1_000)).isNull();
    first.close();
    first.close();
    assertThat(limit.inFlight()).isOne();
    assertThat(limit.tryAcquire()).isNotNull();
    assertThat(limit.tryAcquire()).isNull();
  }

  @Test
  void servesThoseWhoWaitInOrderAndNobodyOvertakes() throws Exception {
    ConcurrencyLimit limit = ConcurrencyLimit.fixed(1);
    Permit held = Objects.requireNonNull(limit.tryAcquire());
    List<Integer> served = Collections.synchronizedList(new ArrayList<>());
    List<Thread> waiting = new ArrayList<>();
    try (Threads threads = new Threads()) {
      for (int i = 0; i < 4; i++) {
        int number = i;
        waiting.add(
            threads.startWaiting(
                () -> {
                  try (Permit permit = Objects.requireNonNull(acquire(limit))) {
                    served.add(number);
                    permit.succeeded();
                  }
                }));
      }
      assertThat(limit.waiting()).isEqualTo(4);
      held.close();
      for (Thread thread : waiting) {
        thread.join();
      }
    }
    assertThat(served).containsExactly(0, 1, 2, 3);
    assertThat(limit.inFlight()).isZero();
  }

  @Test
  void anInterruptedWaiterHasNoPermitAndTheNextGetsIt() throws Exception {
    ConcurrencyLimit limit = ConcurrencyLimit.fixed(1);
    Permit held = Objects.requireNonNull(limit.tryAcquire());
    AtomicInteger interrupted = new AtomicInteger();
    AtomicInteger served = new AtomicInteger();
    try (Threads threads = new Threads()) {
      Thread first =
          threads.startWaiting(
              () -> {
                try {
                  limit.acquire(Long.MAX_VALUE);
                } catch (InterruptedException e) {
                  interrupted.incrementAndGet();
                }
              });
      Thread second =
          threads.startWaiting(
              () -> {
                Objects.requireNonNull(acquire(limit)).close();
                served.incrementAndGet();
              });
      first.interrupt();
      first.join();
      held.succeeded();
      second.join();
    }
    assertThat(interrupted.get()).isOne();
    assertThat(served.get()).isOne();
    assertThat(limit.inFlight()).isZero();
  }

  @Test
  void aLimitThatFallsWaitsUntilEnoughHasEnded() {
    AtomicInteger target = new AtomicInteger(4);
    ConcurrencyLimit limit =
        new ConcurrencyLimit(4, (current, sample) -> target.get(), new VirtualClock());
    List<Permit> permits = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      permits.add(Objects.requireNonNull(limit.tryAcquire()));
    }
    target.set(2);
    permits.get(0).overloaded();
    assertThat(limit.limit()).isEqualTo(2);
    permits.get(1).close();
    assertThat(limit.tryAcquire()).isNull();
    permits.get(2).close();
    assertThat(limit.tryAcquire()).isNotNull();
  }

  @Test
  void aLimitBelowOneIsRefused() {
    assertThatThrownBy(() -> ConcurrencyLimit.fixed(0)).hasMessageContaining("limit");
    assertThatThrownBy(() -> new VegasRule(5, 4)).hasMessageContaining("min");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void soakShort(long seed) throws Exception {
    soak(seed, 2_000);
  }

  @Test
  @Tag("soak")
  @Timeout(1_200)
  void soak() throws Exception {
    for (long seed = 0; seed < 100; seed++) {
      soak(seed, 50_000);
    }
  }

  /** Threads with random patience and interruptions; a limit that changes under them. */
  private static void soak(long seed, int calls) throws Exception {
    Random random = new Random(seed);
    int most = 1 + random.nextInt(4);
    AtomicLong changes = new AtomicLong(seed);
    ConcurrencyLimit limit =
        new ConcurrencyLimit(
            most,
            (current, sample) -> 1 + (int) (changes.incrementAndGet() % most),
            System::nanoTime);
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger mostInside = new AtomicInteger();
    List<Thread> workers = Collections.synchronizedList(new ArrayList<>());
    AtomicInteger left = new AtomicInteger(4);
    try (Threads threads = new Threads()) {
      for (int t = 0; t < 4; t++) {
        Random own = new Random(random.nextLong());
        threads.launch(
            () -> {
              workers.add(Thread.currentThread());
              for (int i = 0; i < calls; i++) {
                call(limit, own, inside, mostInside);
              }
              left.decrementAndGet();
            });
      }
      while (left.get() > 0) {
        if (!workers.isEmpty()) {
          workers.get(random.nextInt(workers.size())).interrupt();
        }
        LockSupport.parkNanos(50_000);
      }
      threads.join();
    }
    assertThat(mostInside.get()).isBetween(1, most);
    assertThat(limit.inFlight()).isZero();
    assertThat(limit.waiting()).isZero();
  }

  private static void call(
      ConcurrencyLimit limit, Random random, AtomicInteger inside, AtomicInteger mostInside) {
    try (Permit permit = limit.acquire(random.nextInt(100_000))) {
      if (permit == null) {
        return;
      }
      mostInside.accumulateAndGet(inside.incrementAndGet(), Math::max);
      inside.decrementAndGet();
      if (random.nextBoolean()) {
        permit.succeeded();
      }
    } catch (InterruptedException e) {
      // No permit, no call.
    }
  }

  private static @Nullable Permit acquire(ConcurrencyLimit limit) {
    try {
      return limit.acquire(Long.MAX_VALUE);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
