package io.parley.gateway.observation;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The requests that ended last, and longer than those the ones that failed and the ones that were
 * slow. Fixed memory; thread-safe.
 */
public final class RecentRequests implements RequestListener {
  static final int LATEST = 500;
  static final int FAILED = 300;
  static final int SLOW = 200;

  private final long slowNanos;
  private final Deque<Timeline> latest = new ArrayDeque<>(); // guarded by this, as are the others
  private final Deque<Timeline> failed = new ArrayDeque<>();
  private final Deque<Timeline> slow = new ArrayDeque<>();

  /**
   * None yet.
   *
   * @param slowNanos a first text that takes longer makes a request slow
   */
  RecentRequests(long slowNanos) {
    this.slowNanos = slowNanos;
  }

  @Override
  public synchronized void ended(Timeline timeline) {
    add(latest, timeline, LATEST);
    if (!timeline.outcome().isWell()) {
      add(failed, timeline, FAILED);
    } else if (isSlow(timeline)) {
      add(slow, timeline, SLOW);
    }
  }

  /** Whether its first text took too long. */
  public boolean isSlow(Timeline timeline) {
    return timeline.endOf(Stage.PREFILL) > slowNanos;
  }

  private static void add(Deque<Timeline> ring, Timeline timeline, int most) {
    if (ring.size() == most) {
      ring.removeFirst();
    }
    ring.addLast(timeline);
  }

  /** The request of that id, if it is still known. */
  public synchronized Optional<Timeline> find(String requestId) {
    return Stream.of(latest, failed, slow)
        .flatMap(Deque::stream)
        .filter(timeline -> timeline.requestId().equals(requestId))
        .findFirst();
  }

  /** Those that did not end well, the latest first. */
  public synchronized List<Timeline> failed() {
    return new ArrayList<>(failed).reversed();
  }

  /** Those that were slow, the latest first. */
  public synchronized List<Timeline> slow() {
    return new ArrayList<>(slow).reversed();
  }

  /** Those that ended last, the latest first, at most so many. */
  public synchronized List<Timeline> latest(int most) {
    return new ArrayList<>(latest).reversed().stream().limit(most).toList();
  }
}
