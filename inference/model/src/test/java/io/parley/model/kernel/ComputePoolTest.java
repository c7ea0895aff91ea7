package io.parley.model.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ComputePoolTest {
  private final List<Thread> workers = new ArrayList<>();
  private final ComputePool pool = pool(4);

  private ComputePool pool(int threads) {
    return ComputePool.of(
        threads,
        work -> {
          Thread thread = Thread.ofPlatform().name("test-compute").daemon().unstarted(work);
          workers.add(thread);
          return thread;
        });
  }

  @AfterEach
  void close() {
    pool.close();
  }

  @Test
  void everyIndexIsDoneOnceAndSeenByTheCaller() {
    requireThatPoolWorks();
  }

  private void requireThatPoolWorks() {
    Random random = new Random(3);
    for (int round = 0; round < 20_000; round++) {
      int count = random.nextInt(200);
      int[] done = new int[count]; // plain, so that a missing edge between threads would show
      pool.run(
          count,
          (from, to, worker) -> {
            for (int i = from; i < to; i++) {
              done[i]++;
            }
          });
      assertThat(IntStream.of(done).allMatch(times -> times == 1)).isTrue();
    }
  }

  @Test
  void workersHaveDifferentNumbers() {
    AtomicIntegerArray inside = new AtomicIntegerArray(pool.threads());
    AtomicInteger clashes = new AtomicInteger();
    for (int round = 0; round < 2_000; round++) {
      pool.run(
          64,
          (from, to, worker) -> {
            clashes.addAndGet(inside.incrementAndGet(worker) - 1);
            inside.decrementAndGet(worker);
          });
    }
    assertThat(clashes).hasValue(0);
  }

  @Test
  void workIsShared() throws InterruptedException {
    CountDownLatch both = new CountDownLatch(2);
    pool.run(
        4,
        (from, to, worker) -> {
          both.countDown();
          try {
            both.await(); // nobody gets past this alone
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    assertThat(both.getCount()).isZero();
  }

  @Test
  void whatATaskThrowsReachesTheCallerAndThePoolGoesOn() {
    for (int round = 0; round < 200; round++) {
      int bad = round % 64;
      assertThatThrownBy(
              () ->
                  pool.run(
                      64,
                      (from, to, worker) -> {
                        if (from <= bad && bad < to) {
                          throw new ArithmeticException("at " + bad);
                        }
                      }))
          .isInstanceOf(ArithmeticException.class)
          .hasMessage("at " + bad);
    }
    requireThatPoolWorks();
  }

  @Test
  void anErrorIsRethrownAsItIs() {
    assertThatThrownBy(
            () ->
                pool.run(
                    8,
                    (from, to, worker) -> {
                      throw new StackOverflowError();
                    }))
        .isInstanceOf(StackOverflowError.class);
  }

  @Test
  void callersDoNotDisturbEachOther() throws Exception {
    List<Future<Integer>> callers = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      FutureTask<Integer> caller = new FutureTask<>(this::sumManyTimes);
      callers.add(caller);
      Thread.ofPlatform().name("caller").start(caller);
    }
    for (Future<Integer> caller : callers) {
      assertThat(caller.get()).isEqualTo(3_000 * 4_950);
    }
  }

  private int sumManyTimes() {
    int sum = 0;
    for (int round = 0; round < 3_000; round++) {
      int[] squares = new int[100];
      pool.run(
          100,
          (from, to, worker) -> {
            for (int i = from; i < to; i++) {
              squares[i] = i;
            }
          });
      sum += IntStream.of(squares).sum();
    }
    return sum;
  }

  @Test
  void aCallFromWithinATaskIsDoneByItsOwnThread() {
    AtomicInteger inner = new AtomicInteger();
    pool.run(
        16,
        (from, to, worker) -> pool.run((to - from) * 10, (a, b, which) -> inner.addAndGet(b - a)));
    assertThat(inner).hasValue(160);
  }

  @Test
  void idleWorkersSleep() {
    pool.run(8, (from, to, worker) -> {});
    while (!workers.stream().allMatch(worker -> worker.getState() == Thread.State.WAITING)) {
      Thread.onSpinWait();
    }
    requireThatPoolWorks(); // and wake up again
  }

  @Test
  void closingEndsTheWorkersAndCallsAreDoneByTheCaller() throws InterruptedException {
    pool.run(8, (from, to, worker) -> {});
    pool.close();
    pool.close();
    for (Thread worker : workers) {
      worker.join();
    }
    List<Integer> done = new ArrayList<>();
    pool.run(8, (from, to, worker) -> IntStream.range(from, to).forEach(done::add));
    assertThat(done).containsExactly(0, 1, 2, 3, 4, 5, 6, 7);
  }

  @Test
  void anInterruptedCallerFinishesAndStaysInterrupted() {
    Thread.currentThread().interrupt();
    requireThatPoolWorks();
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void numbersOfThreadsThatMakeNoSenseAreRefused() {
    assertThatThrownBy(() -> pool(0)).hasMessage("threads must be in [1, 1024], not 0");
    assertThatThrownBy(() -> pool(1_025)).hasMessageContaining("not 1025");
    assertThat(ComputePool.alone().threads()).isEqualTo(1);
  }
}
