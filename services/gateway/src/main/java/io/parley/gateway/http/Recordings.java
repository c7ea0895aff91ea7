package io.parley.gateway.http;

import io.parley.gateway.GatewayLimits;
import io.parley.gateway.Principal;
import io.parley.gateway.resume.LogBudget;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The answers of this server that somebody can come back to: all that are under way, and the
 * streams that ended not long ago, as far as there is room for them. Thread-safe.
 */
final class Recordings {
  private final GatewayLimits.Resumption limits;
  private final LongSupplier nanoTime;
  private final LogBudget budget;
  private final Map<String, Recording> byMessage = new ConcurrentHashMap<>();
  private final Map<String, Recording> running = new ConcurrentHashMap<>();
  private final Deque<Ended> ended = new ArrayDeque<>();

  private record Ended(Recording recording, long atNanos) {}

  Recordings(GatewayLimits.Resumption limits, LongSupplier nanoTime) {
    this.limits = limits;
    this.nanoTime = nanoTime;
    this.budget = new LogBudget(limits.maxKeptBytesInAll(), this::dropOldest);
  }

  LogBudget budget() {
    return budget;
  }

  /** From now on it can be found. */
  void add(Recording recording) {
    running.put(recording.requestId(), recording);
    byMessage.put(recording.messageId(), recording);
  }

  /** It came to nothing; nobody shall find it. */
  void remove(Recording recording) {
    running.remove(recording.requestId());
    byMessage.remove(recording.messageId());
    recording.events().forget();
  }

  /** The stream of that id, if the caller may read it. */
  Optional<Recording> stream(String messageId, Principal reader) {
    return Optional.ofNullable(byMessage.get(messageId))
        .filter(found -> found.origin().stream() && found.origin().belongsTo(reader));
  }

  /** The answer under way of a request. */
  Optional<Recording> running(String requestId) {
    return Optional.ofNullable(running.get(requestId));
  }

  /** A stream is kept for a while; an answer in one piece was for those who waited for it. */
  void ended(Recording recording) {
    if (!recording.origin().stream()) {
      remove(recording);
      return;
    }
    running.remove(recording.requestId());
    synchronized (ended) {
      ended.add(new Ended(recording, nanoTime.getAsLong()));
    }
  }

  /** Drops what has been kept long enough. */
  void sweep(long nowNanos) {
    long keptNanos = TimeUnit.MILLISECONDS.toNanos(limits.keptMs());
    while (true) {
      Recording old;
      synchronized (ended) {
        Ended first = ended.peek();
        if (first == null || nowNanos - first.atNanos() < keptNanos) {
          return;
        }
        old = ended.remove().recording();
      }
      remove(old);
    }
  }

  /** Ends whatever is under way. */
  void abortAll(ErrorReply reply) {
    running.values().forEach(recording -> recording.home().run(() -> recording.abort(reply)));
  }

  private boolean dropOldest() {
    @Nullable Ended oldest;
    synchronized (ended) {
      oldest = ended.poll();
    }
    if (oldest != null) {
      remove(oldest.recording());
    }
    return oldest != null;
  }
}
