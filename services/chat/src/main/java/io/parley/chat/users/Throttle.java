package io.parley.chat.users;

import io.parley.common.ParleyException;
import io.parley.common.TimeSource;
import io.parley.concurrent.cache.CacheSettings;
import io.parley.concurrent.cache.StripedLruCache;
import io.parley.concurrent.limit.TokenBucket;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * So many attempts by each key, an account or an address, in a time. Thread-safe; never waits. It
 * is kept in memory: a restart forgives, and so does being forgotten for {@code entries} others.
 */
final class Throttle {
  private static final int STRIPES = 8;

  private final String what;
  private final int attempts;
  private final Duration window;
  private final TimeSource time;
  private final StripedLruCache<String, TokenBucket> buckets;

  /**
   * @param what there were too many of, for the message
   */
  Throttle(String what, int attempts, Duration window, int entries, TimeSource time) {
    this.what = what;
    this.attempts = attempts;
    this.window = window;
    this.time = time;
    this.buckets = new StripedLruCache<>(STRIPES, CacheSettings.maxEntries(entries));
  }

  /**
   * Takes an attempt.
   *
   * @throws ParleyException RATE_LIMIT with the time until there is another
   */
  void take(String key) {
    TokenBucket bucket = bucket(key);
    if (!bucket.tryTake(1)) {
      long waitMs = TimeUnit.NANOSECONDS.toMillis(bucket.nanosUntil(1)) + 1;
      throw ParleyException.rateLimited(
          "too many %s; try again in %d s".formatted(what, Math.ceilDiv(waitMs, 1_000)), waitMs);
    }
  }

  /** Gives an attempt back that was none of those to be counted. */
  void giveBack(String key) {
    bucket(key).giveBack(1);
  }

  private TokenBucket bucket(String key) {
    TokenBucket known = buckets.get(key);
    if (known != null) {
      return known;
    }
    TokenBucket made = new TokenBucket(attempts, attempts, window.toNanos(), time::nanoTime);
    TokenBucket raced = buckets.putIfAbsent(key, made);
    return raced == null ? made : raced;
  }
}
