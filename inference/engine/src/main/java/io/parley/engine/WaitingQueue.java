package io.parley.engine;

import static io.parley.engine.InvariantBreach.unless;
import static java.util.Objects.requireNonNull;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The sequences that wait for a place, and which of them is next: the most urgent class first, and
 * inside it the fair order of {@link FairQueue}.
 */
final class WaitingQueue {
  private final Map<PriorityClass, FairQueue> classes = new EnumMap<>(PriorityClass.class);
  private final Backlog backlog = new Backlog();
  private int size;

  WaitingQueue(FairShares shares) {
    for (PriorityClass priority : PriorityClass.values()) {
      classes.put(priority, new FairQueue(shares.counters(priority)));
    }
  }

  int size() {
    return size;
  }

  /** What all of them have before them. */
  Backlog backlog() {
    return backlog;
  }

  /** The sequence of a class and organisation that came last; null if it has run before. */
  @Nullable Sequence newest(Backlog.Place place) {
    return requireNonNull(classes.get(place.priority())).newest(place.organisation());
  }

  void add(Sequence sequence) {
    queue(sequence).addLast(sequence);
    backlog.add(sequence);
    size++;
  }

  /** Puts a sequence before all others of its organisation and class. */
  void addFirst(Sequence sequence) {
    queue(sequence).addFirst(sequence);
    backlog.add(sequence);
    size++;
  }

  private FairQueue queue(Sequence sequence) {
    return requireNonNull(classes.get(sequence.priority()));
  }

  /**
   * Who runs next; null if nobody may.
   *
   * @param mayRun whether the organisation of a sequence may run it; if not, others go before
   */
  @Nullable Sequence next(Predicate<Sequence> mayRun) {
    for (FairQueue queue : classes.values()) {
      Sequence next = queue.next(mayRun);
      if (next != null) {
        return next;
      }
    }
    return null;
  }

  /** Returns whether it waited here. */
  boolean remove(Sequence sequence) {
    boolean waited = queue(sequence).remove(sequence);
    if (waited) {
      backlog.remove(sequence);
      size--;
    }
    return waited;
  }

  boolean holds(String organisation) {
    return classes.values().stream().anyMatch(queue -> queue.holds(organisation));
  }

  /** All of them: a copy. */
  List<Sequence> all() {
    return classes.values().stream().flatMap(FairQueue::all).toList();
  }

  void check() {
    int all = all().size();
    unless(all == size, "the size is the number of those who wait", all, size);
    classes.values().forEach(FairQueue::check);
    backlog.check(all());
  }
}
