package io.parley.engine;

import static io.parley.engine.InvariantBreach.unless;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The sequences of one class that wait: first come, first served inside an organisation, and
 * between organisations whoever has the smallest counter; the one that waits longer if two are
 * equal.
 */
final class FairQueue {
  private final VirtualTokenCounters counters;

  /** By organisation, none empty; in the order in which they began to wait. */
  private final Map<String, Deque<Sequence>> queues = new LinkedHashMap<>();

  FairQueue(VirtualTokenCounters counters) {
    this.counters = counters;
  }

  void addLast(Sequence sequence) {
    queue(sequence).addLast(sequence);
  }

  void addFirst(Sequence sequence) {
    queue(sequence).addFirst(sequence);
  }

  private Deque<Sequence> queue(Sequence sequence) {
    return queues.computeIfAbsent(sequence.organisation(), _ -> new ArrayDeque<>());
  }

  /**
   * Who runs next; null if nobody may. Looks at each organisation that waits: their counters change
   * while they wait, since what they already run goes on, so no order of them would last.
   */
  @Nullable Sequence next(Predicate<Sequence> mayRun) {
    Sequence next = null;
    double smallest = Double.POSITIVE_INFINITY;
    for (Deque<Sequence> queue : queues.values()) {
      Sequence head = queue.getFirst();
      double counter = counters.of(head.organisation());
      if (counter < smallest && mayRun.test(head)) {
        next = head;
        smallest = counter;
      }
    }
    if (next != null) {
      counters.served(smallest);
    }
    return next;
  }

  /** Returns whether it waited here. */
  boolean remove(Sequence sequence) {
    Deque<Sequence> queue = queues.get(sequence.organisation());
    if (queue == null || !queue.remove(sequence)) {
      return false;
    }
    if (queue.isEmpty()) {
      queues.remove(sequence.organisation());
    }
    return true;
  }

  /** The sequence of an organisation that came last; null if there is none or it has run before. */
  @Nullable Sequence newest(String organisation) {
    Deque<Sequence> queue = queues.get(organisation);
    return queue == null || queue.getLast().isStarted() ? null : queue.getLast();
  }

  boolean holds(String organisation) {
    return queues.containsKey(organisation);
  }

  Stream<Sequence> all() {
    return queues.values().stream().flatMap(Deque::stream);
  }

  void check() {
    queues.forEach(
        (organisation, queue) -> {
          unless(!queue.isEmpty(), "an organisation that waits has a sequence");
          for (Sequence sequence : queue) {
            boolean own = sequence.organisation().equals(organisation);
            unless(own, "a sequence waits with its organisation", sequence.id());
          }
        });
  }
}
