package io.parley.concurrent.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

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
}
