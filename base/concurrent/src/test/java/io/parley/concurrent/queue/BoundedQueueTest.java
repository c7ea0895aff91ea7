package io.parley.concurrent.queue;

import static io.parley.concurrent.Threads.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.concurrent.Threads;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class BoundedQueueTest {
  private static final long FOREVER = Long.MAX_VALUE;

  private static <T> BoundedQueue<T> queue(int capacity, boolean fair) {
    return fair ? BoundedQueue.fair(capacity) : BoundedQueue.unfair(capacity);
  }

  @Property(tries = 300)
  void behavesLikeAListWithACapacity(
      @ForAll @IntRange(min = 1, max = 5) int capacity,
      @ForAll boolean fair,
      @ForAll List<@IntRange(min = 0, max = 9) Integer> operations)
      throws InterruptedException {
    BoundedQueue<Integer> queue = queue(capacity, fair);
    ArrayDeque<Integer> model = new ArrayDeque<>();
    int next = 0;
    for (int operation : operations) {
      if (operation < 5) {
        boolean fits = model.size() < capacity;
        boolean put = operation < 3 ? queue.offer(next) : queue.offer(next, 0);
        assertThat(put).isEqualTo(fits);
        if (fits) {
          model.add(next++);
        }
      } else if (operation < 8) {
        assertThat(operation < 7 ? queue.poll() : queue.poll(0)).isEqualTo(model.poll());
      } else {
        List<Integer> drained = new ArrayList<>();
        int count = queue.drainTo(drained, 2);
        assertThat(drained).hasSize(count);
        drained.forEach(element -> assertThat(element).isEqualTo(model.poll()));
        assertThat(count == 2 || model.isEmpty()).isTrue();
      }
      assertThat(queue.size()).isEqualTo(model.size());
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aConsumerWaitsForAnElement(boolean fair) throws Exception {
    BoundedQueue<String> queue = queue(1, fair);
    try (Threads threads = new Threads()) {
      AtomicReference<@Nullable String> got = new AtomicReference<>();
      threads.startWaiting(() -> got.set(takeQuietly(queue)));
      queue.put("a");
      until(() -> got.get() != null);
      assertThat(got.get()).isEqualTo("a");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aProducerWaitsForRoom(boolean fair) throws Exception {
    BoundedQueue<String> queue = queue(1, fair);
    queue.put("a");
    try (Threads threads = new Threads()) {
      Thread producer = threads.startWaiting(() -> putQuietly(queue, "b"));
      assertThat(queue.take()).isEqualTo("a");
      producer.join();
      assertThat(queue.take()).isEqualTo("b");
    }
  }

  @Test
  void whatIsInsideAClosedQueueCanBeTakenAndThenItEnds() throws Exception {
    BoundedQueue<String> queue = BoundedQueue.unfair(3);
    queue.put("a");
    queue.put("b");
    queue.close();
    queue.close();
    assertThat(queue.isClosed()).isTrue();
    assertThat(queue.isEnded()).isFalse();
    assertThat(queue.take()).isEqualTo("a");
    assertThat(queue.poll()).isEqualTo("b");
    assertThat(queue.take()).isNull();
    assertThat(queue.poll(FOREVER)).isNull();
    assertThat(queue.takeBatch(new ArrayList<>(), 5)).isZero();
    assertThat(queue.isEnded()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void nothingCanBePutIntoAClosedQueue(boolean fair) {
    BoundedQueue<String> queue = queue(1, fair);
    queue.offer("a");
    queue.close();
    assertThatThrownBy(() -> queue.put("b")).isInstanceOf(QueueClosedException.class);
    assertThatThrownBy(() -> queue.offer("b")).isInstanceOf(QueueClosedException.class);
    assertThatThrownBy(() -> queue.offer("b", 5)).isInstanceOf(QueueClosedException.class);
    assertThat(queue.size()).isOne();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void closingWakesAllWhoWait(boolean fair) throws Exception {
    BoundedQueue<Integer> empty = queue(1, fair);
    BoundedQueue<Integer> full = queue(1, fair);
    full.put(0);
    LongAdder ended = new LongAdder();
    LongAdder refused = new LongAdder();
    List<Thread> waiting = new ArrayList<>();
    try (Threads threads = new Threads()) {
      for (int i = 0; i < 5; i++) {
        waiting.add(
            threads.startWaiting(
                () -> {
                  if (takeQuietly(empty) == null) {
                    ended.increment();
                  }
                }));
        waiting.add(
            threads.startWaiting(
                () -> {
                  try {
                    putQuietly(full, 1);
                  } catch (QueueClosedException e) {
                    refused.increment();
                  }
                }));
      }
      empty.close();
      full.close();
      for (Thread thread : waiting) {
        thread.join();
      }
    }
    assertThat(ended.sum()).isEqualTo(5);
    assertThat(refused.sum()).isEqualTo(5);
    assertThat(full.size()).isOne();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void oneDrainLetsAllWaitingProducersIn(boolean fair) throws Exception {
    BoundedQueue<Integer> queue = queue(3, fair);
    for (int i = 0; i < 3; i++) {
      queue.put(i);
    }
    try (Threads threads = new Threads()) {
      List<Thread> producers = new ArrayList<>();
      for (int i = 3; i < 6; i++) {
        int element = i;
        producers.add(threads.startWaiting(() -> putQuietly(queue, element)));
      }
      List<Integer> drained = new ArrayList<>();
      assertThat(queue.drainTo(drained, 10)).isEqualTo(3);
      assertThat(drained).containsExactly(0, 1, 2);
      for (Thread producer : producers) {
        producer.join();
      }
      assertThat(queue.takeBatch(drained, 10)).isEqualTo(3);
      assertThat(drained).containsExactly(0, 1, 2, 3, 4, 5);
    }
  }

  @Test
  void whoWaitsIsServedInOrder() throws Exception {
    for (boolean fair : new boolean[] {true, false}) {
      BoundedQueue<Integer> queue = queue(10, fair);
      List<String> served = Collections.synchronizedList(new ArrayList<>());
      try (Threads threads = new Threads()) {
        for (int i = 0; i < 4; i++) {
          String name = "consumer " + i;
          threads.startWaiting(
              () -> {
                int element = Objects.requireNonNull(takeQuietly(queue));
                served.add(name + " got " + element);
              });
        }
        for (int i = 0; i < 4; i++) {
          queue.put(i);
          int soFar = i + 1;
          until(() -> served.size() == soFar);
        }
      }
      assertThat(served)
          .containsExactly(
              "consumer 0 got 0", "consumer 1 got 1", "consumer 2 got 2", "consumer 3 got 3");
    }
  }

  @Test
  void anInterruptedConsumerTakesNothingAndItsTurnGoesOn() throws Exception {
    BoundedQueue<String> queue = BoundedQueue.fair(1);
    AtomicReference<@Nullable String> got = new AtomicReference<>();
    LongAdder interrupted = new LongAdder();
    try (Threads threads = new Threads()) {
      Thread first =
          threads.startWaiting(
              () -> {
                try {
                  queue.take();
                } catch (InterruptedException e) {
                  interrupted.increment();
                }
              });
      threads.startWaiting(() -> got.set(takeQuietly(queue)));
      first.interrupt();
      first.join();
      queue.put("a");
      until(() -> got.get() != null);
    }
    assertThat(interrupted.sum()).isOne();
    assertThat(got.get()).isEqualTo("a");
  }

  @Test
  void aTimeOutAnswersAndLeavesTheLine() throws Exception {
    BoundedQueue<String> queue = BoundedQueue.fair(1);
    assertThat(queue.poll(1_000)).isNull();
    queue.put("a");
    assertThat(queue.offer("b", 1_000)).isFalse();
    assertThat(queue.poll()).isEqualTo("a");
    assertThat(queue.offer("c")).isTrue();
  }

  @Test
  void aTargetThatThrowsKeepsTheElementInTheQueue() {
    BoundedQueue<Integer> queue = BoundedQueue.unfair(3);
    queue.offer(1);
    queue.offer(2);
    List<Integer> target =
        new ArrayList<>() {
          @Override
          public boolean add(Integer element) {
            if (element == 2) {
              throw new IllegalArgumentException("no twos");
            }
            return super.add(element);
          }
        };
    assertThatThrownBy(() -> queue.drainTo(target, 3)).hasMessage("no twos");
    assertThat(target).containsExactly(1);
    assertThat(queue.poll()).isEqualTo(2);
  }

  @Test
  void aCapacityBelowOneIsRefused() {
    assertThatThrownBy(() -> BoundedQueue.fair(0)).hasMessageContaining("capacity");
    assertThat(BoundedQueue.unfair(7).capacity()).isEqualTo(7);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void soakShort(long seed) throws Exception {
    soak(new Random(seed), 4_000);
  }

  @Test
  @Tag("soak")
  @Timeout(3_600)
  void soak() throws Exception {
    for (long seed = 100; seed < 300; seed++) {
      soak(new Random(seed), 10_000);
    }
  }

  /**
   * Producers and consumers with random methods, capacities and interruptions. In the end every
   * element that was put has come out once, and those of one producer in order for each consumer.
   */
  private static void soak(Random random, int perProducer) throws Exception {
    BoundedQueue<long[]> queue = queue(1 + random.nextInt(8), random.nextBoolean());
    int producers = 1 + random.nextInt(4);
    int consumers = 1 + random.nextInt(4);
    LongAdder putSum = new LongAdder();
    List<Thread> consumerThreads = Collections.synchronizedList(new ArrayList<>());
    try (Threads threads = new Threads()) {
      List<Future<?>> putting = new ArrayList<>();
      List<Future<List<long[]>>> taking = new ArrayList<>();
      for (int p = 0; p < producers; p++) {
        int producer = p;
        long seed = random.nextLong();
        putting.add(
            threads.start(
                () -> {
                  putSum.add(produce(queue, producer, perProducer, new Random(seed)));
                  return null;
                }));
      }
      for (int c = 0; c < consumers; c++) {
        long seed = random.nextLong();
        taking.add(
            threads.start(
                () -> {
                  consumerThreads.add(Thread.currentThread());
                  return consume(queue, new Random(seed));
                }));
      }
      while (!putting.stream().allMatch(Future::isDone)) {
        if (!consumerThreads.isEmpty()) {
          consumerThreads.get(random.nextInt(consumerThreads.size())).interrupt();
        }
        LockSupport.parkNanos(20_000);
      }
      for (Future<?> future : putting) {
        Threads.result(future);
      }
      queue.close();
      long count = 0;
      long[] seen = new long[producers];
      for (Future<List<long[]>> future : taking) {
        long[] last = new long[producers];
        Arrays.fill(last, -1);
        for (long[] element : Threads.result(future)) {
          int producer = (int) element[0];
          assertThat(element[1]).isGreaterThan(last[producer]);
          last[producer] = element[1];
          seen[producer] += element[1];
          count++;
        }
      }
      assertThat(count).isEqualTo((long) producers * perProducer);
      for (long sum : seen) {
        assertThat(sum).isEqualTo((long) perProducer * (perProducer - 1) / 2);
      }
      assertThat(putSum.sum()).isEqualTo(count);
    }
  }

  private static long produce(
      BoundedQueue<long[]> queue, int producer, int count, RandomGenerator random)
      throws InterruptedException {
    long put = 0;
    for (int i = 0; i < count; i++) {
      long[] element = {producer, i};
      switch (random.nextInt(3)) {
        case 0 -> queue.put(element);
        case 1 -> {
          while (!queue.offer(element, random.nextInt(20_000))) {
            Thread.onSpinWait();
          }
        }
        default -> {
          while (!queue.offer(element)) {
            LockSupport.parkNanos(20_000);
          }
        }
      }
      put++;
    }
    return put;
  }

  private static List<long[]> consume(BoundedQueue<long[]> queue, RandomGenerator random) {
    List<long[]> taken = new ArrayList<>();
    while (!queue.isEnded()) {
      try {
        long[] element =
            switch (random.nextInt(4)) {
              case 0 -> queue.take();
              case 1 -> queue.poll(random.nextInt(20_000));
              case 2 -> queue.poll();
              default -> {
                queue.takeBatch(taken, 1 + random.nextInt(4));
                yield null;
              }
            };
        if (element != null) {
          taken.add(element);
        }
      } catch (InterruptedException e) {
        // Nothing was taken: go on.
      }
    }
    return taken;
  }

  private static <T> @Nullable T takeQuietly(BoundedQueue<T> queue) {
    try {
      return queue.take();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static <T> void putQuietly(BoundedQueue<T> queue, T element) {
    try {
      queue.put(element);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
