package io.parley.chat.http;

import io.parley.chat.ChatLimits;
import io.parley.chat.notifications.Watchers;
import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import io.parley.common.TimeSource;
import io.parley.concurrent.cache.CacheSettings;
import io.parley.concurrent.cache.StripedLruCache;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The event streams that are open, of all loops: counts them, and ends them. It so knows who is
 * looking, as far as this process is concerned. Thread-safe.
 */
final class OpenStreams implements Watchers {
  private static final Logger log = LoggerFactory.getLogger(OpenStreams.class);

  /** Users of whom is known when their last stream ended; beyond it the longest gone is not. */
  private static final int MAX_REMEMBERED = 100_000;

  private static final int STRIPES = 8;

  private final TimeSource time;
  private final ChatLimits limits;
  private final Sessions sessions;
  private final Executor threads;
  private final List<LoopStreams> loops = new CopyOnWriteArrayList<>();
  private final AtomicInteger open = new AtomicInteger();
  private final AtomicLong reviews = new AtomicLong();
  private final Map<String, Integer> byUser = new ConcurrentHashMap<>();
  private final StripedLruCache<String, Long> leftAtNanos =
      new StripedLruCache<>(STRIPES, CacheSettings.maxEntries(MAX_REMEMBERED));
  private volatile boolean draining;

  /**
   * @param threads may block
   */
  OpenStreams(TimeSource time, ChatLimits limits, Sessions sessions, Executor threads) {
    this.time = time;
    this.limits = limits;
    this.sessions = sessions;
    this.threads = threads;
  }

  /** The streams of a loop; called on it. */
  LoopStreams on(Vertx vertx) {
    LoopStreams loop = new LoopStreams(this, vertx, time, limits);
    loops.add(loop);
    return loop;
  }

  /**
   * Takes room for one more stream.
   *
   * @throws ParleyException OVERLOADED or RATE_LIMIT if there is none
   */
  void take(String userId) {
    if (draining) {
      throw new ParleyException(ErrorCode.OVERLOADED, "The server is shutting down");
    }
    if (open.incrementAndGet() > limits.maxStreams()) {
      open.decrementAndGet();
      throw new ParleyException(ErrorCode.OVERLOADED, "Too many streams are open");
    }
    if (byUser.merge(userId, 1, Integer::sum) > limits.maxStreamsOfUser()) {
      give(userId);
      throw new ParleyException(
          ErrorCode.RATE_LIMIT,
          "you have %d streams open, which is the limit".formatted(limits.maxStreamsOfUser()));
    }
  }

  /** Gives the room of a stream back. */
  void give(String userId) {
    leftAtNanos.put(userId, time.nanoTime()); // first, so that there is no moment without either
    open.decrementAndGet();
    byUser.computeIfPresent(userId, (user, streams) -> streams > 1 ? streams - 1 : null);
  }

  @Override
  public boolean watched(String userId, Duration within) {
    if (byUser.containsKey(userId)) {
      return true;
    }
    Long left = leftAtNanos.get(userId);
    return left != null && time.nanoTime() - left < within.toNanos();
  }

  /** Ends the streams of a user's sessions that have ended. */
  void review(String userId) {
    reviews.incrementAndGet(); // first: a stream that opens meanwhile is seen there, or sees this
    loops.forEach(loop -> loop.review(owner -> owner.userId().equals(userId)));
  }

  /** How many reviews there were, or are under way. */
  long reviews() {
    return reviews.get();
  }

  /** Finds out which of these sessions hold; if that fails, it is left to the next time. */
  void whenHolding(Set<String> asked, Consumer<Set<String>> then) {
    try {
      threads.execute(() -> tellHolding(asked, then));
    } catch (RejectedExecutionException e) {
      log.debug("the server is stopping", e);
    }
  }

  private void tellHolding(Set<String> asked, Consumer<Set<String>> then) {
    Set<String> held;
    try {
      held = sessions.holding(asked);
    } catch (RuntimeException e) {
      log.error("whether the sessions of open streams hold cannot be found out", e);
      return;
    }
    then.accept(held);
  }

  void drain() {
    draining = true;
    loops.forEach(LoopStreams::drain);
  }
}
