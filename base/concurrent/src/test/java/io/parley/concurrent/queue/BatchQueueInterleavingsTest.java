package io.parley.concurrent.queue;

import io.parley.concurrent.Interleavings;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

/** The thread of a queue, as this test plays it, runs while others offer, and once afterwards. */
class BatchQueueInterleavingsTest {
  @Test
  void nothingStaysBehindWithoutACallOfTheThread() {
    Interleavings.of(
        () -> {
          Queue<Runnable> calls = new ConcurrentLinkedQueue<>();
          List<Integer> done = new ArrayList<>();
          BatchQueue<Integer> queue = new BatchQueue<>(4, 1, calls::add, done::addAll);
          Thread producer = new Thread(() -> offer(queue, 1, 2));
          Thread worker = new Thread(() -> runAll(calls));
          producer.start();
          worker.start();
          join(producer);
          join(worker);
          runAll(calls);
          if (!done.equals(List.of(1, 2))) {
            throw new AssertionError("done: " + done);
          }
        });
  }

  @Test
  void producersAtTheSameTimeAreOneCallOrTwoAndNeverNone() {
    Interleavings.of(
        () -> {
          Queue<Runnable> calls = new ConcurrentLinkedQueue<>();
          List<Integer> done = new ArrayList<>();
          BatchQueue<Integer> queue = new BatchQueue<>(4, 2, calls::add, done::addAll);
          Thread one = new Thread(() -> offer(queue, 1));
          Thread other = new Thread(() -> offer(queue, 2));
          one.start();
          other.start();
          join(one);
          join(other);
          runAll(calls);
          if (done.size() != 2 || !done.containsAll(List.of(1, 2))) {
            throw new AssertionError("done: " + done);
          }
        });
  }

  private static void offer(BatchQueue<Integer> queue, int... elements) {
    for (int element : elements) {
      if (!queue.offer(element)) {
        throw new AssertionError("no room for " + element);
      }
    }
  }

  private static void runAll(Queue<Runnable> calls) {
    for (Runnable call = calls.poll(); call != null; call = calls.poll()) {
      call.run();
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
