package io.parley.gateway.identity;

import io.parley.common.TimeSource;
import io.parley.ports.data.Database;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes down when a key was last used, to the minute: a key in steady use costs one write a minute
 * whatever it sends, beside the request and not in its way. A write that fails is not repeated; the
 * next use tries again. Thread-safe.
 */
final class LastUse {
  /** What is written may be this much older than the last use. */
  static final Duration RESOLUTION = Duration.ofMinutes(1);

  private static final Logger log = LoggerFactory.getLogger(LastUse.class);

  private final Database database;
  private final TimeSource time;
  private final Executor background;
  private final Set<String> underWay = ConcurrentHashMap.newKeySet();

  /**
   * @param background runs what blocks
   */
  LastUse(Database database, TimeSource time, Executor background) {
    this.database = database;
    this.time = time;
    this.background = background;
  }

  /**
   * Takes note of a use.
   *
   * @param written the last use as the database has it
   */
  void note(String keyId, Optional<Instant> written) {
    Instant now = time.now();
    boolean due = written.map(then -> !now.isBefore(then.plus(RESOLUTION))).orElse(true);
    if (due && underWay.add(keyId)) {
      try {
        background.execute(() -> write(keyId, now));
      } catch (RuntimeException e) {
        underWay.remove(keyId);
        log.warn("the last use of {} is not written: {}", keyId, e.toString());
      }
    }
  }

  private void write(String keyId, Instant now) {
    try {
      database.write(
          handle ->
              handle
                  .createUpdate("UPDATE api_keys SET last_used_at_ms = :now WHERE id = :id")
                  .bind("now", now.toEpochMilli())
                  .bind("id", keyId)
                  .execute());
    } catch (RuntimeException e) {
      log.warn("the last use of {} is not written: {}", keyId, e.toString());
    } finally {
      underWay.remove(keyId);
    }
  }
}
