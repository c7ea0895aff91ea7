package io.parley.engine;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Collections;
import org.jspecify.annotations.Nullable;

/** The sequences that wait for a place, and which of them is next. */
final class WaitingQueue {
  private final ArrayDeque<Sequence> sequences = new ArrayDeque<>();

  int size() {
    return sequences.size();
  }

  void add(Sequence sequence) {
    sequences.add(sequence);
  }

  /** Who runs next; null if nobody waits. */
  @Nullable Sequence next() {
    return sequences.peek();
  }

  /** Returns whether it waited here. */
  boolean remove(Sequence sequence) {
    return sequences.remove(sequence);
  }

  /** All of them; a view. */
  Collection<Sequence> all() {
    return Collections.unmodifiableCollection(sequences);
  }
}
