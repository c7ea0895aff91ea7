package io.parley.gateway.batches;

import io.parley.common.ParleyException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/** How far a batch is. Belongs to who holds the runner's lock. */
final class BatchProgress {
  /** The first pause after a refusal that does not say how long; each one after it is longer. */
  private static final long USUAL_PAUSE_MS = 250;

  private static final int MAX_DOUBLINGS = 16;

  private final OpenBatch batch;
  private final Deque<Integer> again = new ArrayDeque<>();
  private final Map<Integer, Integer> faults = new HashMap<>();
  private boolean canceling;
  private boolean exhausted;
  private int next;
  private int running;
  private int setbacks;
  private Instant pausedUntil = Instant.MIN;

  BatchProgress(OpenBatch batch) {
    this.batch = batch;
    this.canceling = batch.canceling();
  }

  OpenBatch batch() {
    return batch;
  }

  void cancel() {
    canceling = true;
  }

  /** How it is to be ended now: what the rest of it gets; empty if it is not to be ended. */
  Optional<BatchOutcome> ending(Instant now) {
    if (running > 0) {
      return Optional.empty();
    }
    if (canceling) {
      return Optional.of(BatchOutcome.CANCELED);
    }
    boolean over = !now.isBefore(batch.expiresAt());
    return over || (exhausted && again.isEmpty())
        ? Optional.of(BatchOutcome.EXPIRED)
        : Optional.empty();
  }

  /** Whether another of its requests may begin now. */
  boolean isReady(Instant now) {
    return !canceling
        && now.isBefore(batch.expiresAt())
        && !now.isBefore(pausedUntil)
        && !(exhausted && again.isEmpty());
  }

  /** When it may be ready, or has to be ended, without anything else happening. */
  Optional<Instant> nextChange(Instant now) {
    return Stream.of(pausedUntil, batch.expiresAt()).filter(now::isBefore).min(Instant::compareTo);
  }

  /** A request that is to be tried again, and is taken; empty if there is none. */
  OptionalInt takeAgain() {
    Integer position = again.poll();
    if (position == null) {
      return OptionalInt.empty();
    }
    running++;
    return OptionalInt.of(position);
  }

  /** Where to look for a request that was not tried yet. */
  int next() {
    return next;
  }

  /** A request that was not tried yet has begun. */
  void begun(int position) {
    next = position + 1;
    running++;
  }

  /** There is none that was not tried yet. */
  void exhaust() {
    exhausted = true;
  }

  /** A request came to its outcome. */
  void done(int position) {
    running--;
    setbacks = 0;
    faults.remove(position);
  }

  /** There was no room for a request: the batch waits, and the request is tried again. */
  void postpone(int position, long retryAfterMs, Duration maxPause, Instant now) {
    running--;
    again.add(position);
    long usual = USUAL_PAUSE_MS << Math.min(setbacks, MAX_DOUBLINGS);
    setbacks++;
    long known = retryAfterMs == ParleyException.NO_RETRY ? usual : retryAfterMs;
    pausedUntil =
        now.plusMillis(Math.clamp(known, BatchLimits.MIN_PAUSE.toMillis(), maxPause.toMillis()));
  }

  /** Counts a fault of the server, and says how many the request has had. */
  int fault(int position) {
    return faults.merge(position, 1, Integer::sum);
  }
}
