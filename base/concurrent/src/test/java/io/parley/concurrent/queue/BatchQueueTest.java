package io.parley.concurrent.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.concurrent.Threads;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BatchQueueTest {
  /** A thread that runs when a test says so. */
  private final Queue<Runnable> thread = new ArrayDeque<>();

  private final List<String> done = new ArrayList<>();

  private BatchQueue<String> queue(int capacity, int maxBatch) {
    return new BatchQueue<>(capacity, maxBatch, thread::add, batch -> done.add(batch.toString()));
  }

  private void runOne() {
    thread.remove().run();
  }

  @Test
  void whatComesBeforeTheThreadDoesIsOneBatch() {
    BatchQueue<String> queue = queue(10, 10);
    assertThat(queue.offer("a")).isTrue();
    assertThat(queue.offer("b")).isTrue();
    assertThat(thread).hasSize(1);
    runOne();
    assertThat(done).containsExactly("[a, b]");
    assertThat(thread).isEmpty();
    queue.offer("c");
    runOne();
    assertThat(done).containsExactly("[a, b]", "[c]");
  }

  @Test
  void othersHaveTheirTurnBetweenTwoBatches() {
    BatchQueue<String> queue = queue(10, 2);
    List.of("a", "b", "c").forEach(queue::offer);
    BatchQueue<String> other = queue(10, 2);
    other.offer("x");
    while (!thread.isEmpty()) {
      runOne();
    }
    assertThat(done).containsExactly("[a, b]", "[x]", "[c]");
  }

  @Test
  void whatDoesNotFitIsNotTaken() {
    BatchQueue<String> queue = queue(1, 1);
    assertThat(queue.offer("a")).isTrue();
    assertThat(queue.offer("b")).isFalse();
    runOne();
    assertThat(queue.offer("c")).isTrue();
  }

  @Test
  void aBatchHasAtLeastOne() {
    assertThatThrownBy(() -> queue(1, 0)).hasMessageContaining("maxBatch");
  }

  @Test
  void closingDoesWhatIsInsideAndTakesNothingMore() {
    try (ExecutorService one = Executors.newSingleThreadExecutor()) {
      CountDownLatch held = new CountDownLatch(1);
      one.execute(
          () -> {
            try {
              held.await();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          });
      BatchQueue<String> queue = new BatchQueue<>(10, 1, one, batch -> done.addAll(batch));
      List.of("a", "b", "c").forEach(queue::offer);
      held.countDown();
      queue.close();
      assertThat(done).containsExactly("a", "b", "c");
      assertThat(queue.offer("d")).isFalse();
    }
  }

  @Test
  void nothingIsLostAndNothingIsDoneTwiceHoweverManyOffer() {
    int producers = 4;
    int each = 20_000;
    AtomicInteger sum = new AtomicInteger();
    AtomicInteger count = new AtomicInteger();
    try (ExecutorService one = Executors.newSingleThreadExecutor()) {
      BatchQueue<Integer> queue =
          new BatchQueue<>(
              producers * each,
              16,
              one,
              batch -> {
                count.addAndGet(batch.size());
                batch.forEach(sum::addAndGet);
              });
      try (ExecutorService pool = Executors.newFixedThreadPool(producers)) {
        for (int producer = 0; producer < producers; producer++) {
          pool.execute(
              () -> {
                for (int i = 0; i < each; i++) {
                  queue.offer(i % 10);
                }
              });
        }
      }
      queue.close();
    }
    assertThat(count).hasValue(producers * each);
    assertThat(sum).hasValue(producers * each / 10 * 45);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  @Timeout(120)
  void soakShort(long seed) throws Exception {
    soak(new Random(seed), 3_000);
  }

  @Test
  @Tag("soak")
  @Timeout(3_600)
  void soak() throws Exception {
    for (long seed = 100; seed < 300; seed++) {
      soak(new Random(seed), 20_000);
    }
  }

  /**
   * Producers of one queue, whose work offers to a second one of the same thread, and a queue that
   * is closed under them. What was taken in is done once, in the order of its producer, and nothing
   * after the close.
   */
  private static void soak(Random random, int each) throws Exception {
    int producers = 1 + random.nextInt(4);
    List<Integer> taken = new ArrayList<>();
    List<Integer> worked = new ArrayList<>();
    try (ExecutorService one = Executors.newSingleThreadExecutor();
        Threads threads = new Threads()) {
      BatchQueue<Integer> second = new BatchQueue<>(each * producers, 7, one, worked::addAll);
      BatchQueue<Integer> first =
          new BatchQueue<>(
              1 + random.nextInt(50),
              1 + random.nextInt(20),
              one,
              batch -> batch.forEach(second::offer));
      List<Future<List<Integer>>> offering = new ArrayList<>();
      for (int producer = 0; producer < producers; producer++) {
        int begin = producer * each;
        offering.add(threads.start(() -> offered(first, begin, each)));
      }
      LockSupport.parkNanos(random.nextInt(3_000_000));
      first.close();
      second.close();
      int done = worked.size();
      for (Future<List<Integer>> part : offering) {
        taken.addAll(Threads.result(part));
      }
      assertThat(worked).hasSize(done).containsExactlyInAnyOrderElementsOf(taken);
      for (int producer = 0; producer < producers; producer++) {
        int of = producer;
        assertThat(worked.stream().filter(element -> element / each == of)).isSorted();
      }
    }
  }

  private static List<Integer> offered(BatchQueue<Integer> queue, int begin, int count) {
    List<Integer> taken = new ArrayList<>();
    for (int i = begin; i < begin + count; i++) {
      if (queue.offer(i)) {
        taken.add(i);
      }
    }
    return taken;
  }
}
