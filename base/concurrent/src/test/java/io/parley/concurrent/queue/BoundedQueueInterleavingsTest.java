package io.parley.concurrent.queue;

import io.parley.concurrent.Interleavings;
import java.util.ArrayList;
import java.util.List;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The queue is linearizable, and no interleaving of waits loses a wake-up. */
public class BoundedQueueInterleavingsTest {
  private final BoundedQueue<Integer> queue = BoundedQueue.unfair(2);

  @Operation
  public boolean offer(@Param(gen = IntGen.class, conf = "1:3") int element) {
    return queue.offer(element);
  }

  @Operation
  public @Nullable Integer poll() {
    return queue.poll();
  }

  @Operation
  public List<Integer> drain() {
    List<Integer> drained = new ArrayList<>();
    queue.drainTo(drained, 2);
    return drained;
  }

  @Operation
  public int size() {
    return queue.size();
  }

  @Operation(runOnce = true)
  public void close() {
    queue.close();
  }

  @Operation
  public boolean isEnded() {
    return queue.isEnded();
  }

  @Test
  void isLinearizableUnderAllSwitchesThatWereTried() {
    Interleavings.modelCheck(BoundedQueueInterleavingsTest.class);
  }

  @Test
  @Tag("soak")
  void isLinearizableUnderStress() {
    Interleavings.stress(BoundedQueueInterleavingsTest.class);
  }

  @Test
  void waitersAreWokenInEveryInterleaving() {
    Interleavings.of(
        () -> {
          BoundedQueue<Integer> one = BoundedQueue.unfair(1);
          List<Integer> taken = new ArrayList<>();
          Thread producer = new Thread(() -> put(one, 1, 2));
          Thread consumer = new Thread(() -> takeAll(one, taken));
          producer.start();
          consumer.start();
          join(producer);
          one.close();
          join(consumer);
          if (!taken.equals(List.of(1, 2))) {
            throw new AssertionError("took " + taken);
          }
        });
  }

  @Test
  void anInterruptNeverTakesAnElementOrAWakeUpWithIt() {
    Interleavings.of(
        () -> {
          BoundedQueue<Integer> one = BoundedQueue.unfair(1);
          List<Integer> taken = new ArrayList<>();
          Thread consumer = new Thread(() -> takeAll(one, taken));
          Thread other = new Thread(() -> put(one, 1));
          consumer.start();
          other.start();
          consumer.interrupt();
          join(consumer);
          join(other);
          one.close();
          takeAll(one, taken);
          if (!taken.equals(List.of(1))) {
            throw new AssertionError("took " + taken);
          }
        });
  }

  private static void put(BoundedQueue<Integer> queue, int... elements) {
    try {
      for (int element : elements) {
        queue.put(element);
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Takes until the end, or until an interrupt ends a wait. */
  private static void takeAll(BoundedQueue<Integer> queue, List<Integer> taken) {
    try {
      for (Integer element = queue.take(); element != null; element = queue.take()) {
        taken.add(element);
      }
    } catch (InterruptedException e) {
      // The test goes on with what is left.
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
