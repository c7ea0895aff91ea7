package io.parley.chat.sync;

import io.parley.common.Ulid;
import io.parley.ports.data.Database;
import io.parley.ports.log.EventLog;
import io.parley.ports.log.LogRecord;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The events of all users, ordered for each. They are written to an outbox in the transaction of
 * the change that they tell of, and go from there to the log: at once, or, if the process dies in
 * between, when the next one starts. So none is lost, and one may come twice. Thread-safe; blocks.
 */
public final class UserEvents {
  /** The topic of the log; its keys are ids of users. */
  public static final String TOPIC = "chat";

  private static final Logger log = LoggerFactory.getLogger(UserEvents.class);

  private final Database database;
  private final EventLog events;
  private final Ulid ids;
  private final ExecutorService threads;

  /** A change of the database that others have to learn of. */
  @FunctionalInterface
  public interface Change<T> {
    T in(Handle transaction, Emitter events);
  }

  /** Takes what a change has to tell. */
  @FunctionalInterface
  public interface Emitter {
    void emit(ChatEvent event);
  }

  private record Row(String id, String userId, String event) {}

  /**
   * Keeps events in a log.
   *
   * @param threads carry events from the outbox to the log
   */
  public UserEvents(Database database, EventLog events, Ulid ids, ExecutorService threads) {
    this.database = database;
    this.events = events;
    this.ids = ids;
    this.threads = threads;
  }

  /** Makes a change of something of a user's, and tells his devices of it. */
  public <T> T write(String userId, Change<T> change) {
    List<Row> emitted = new ArrayList<>();
    T result =
        database.write(
            handle -> {
              emitted.clear();
              T changed =
                  change.in(
                      handle,
                      event ->
                          emitted.add(
                              new Row("evt_" + ids.next(), userId, ChatEvent.encode(event))));
              insert(handle, emitted);
              return changed;
            });
    dispatch(emitted);
    return result;
  }

  private static void insert(Handle handle, List<Row> rows) {
    for (Row row : rows) {
      handle.execute(
          "INSERT INTO chat_outbox (id, user_id, event) VALUES (?, ?, ?)",
          row.id,
          row.userId,
          row.event);
    }
  }

  /** What is not sent now is sent at the next start. */
  private void dispatch(List<Row> rows) {
    if (rows.isEmpty()) {
      return;
    }
    try {
      threads.execute(() -> send(rows));
    } catch (RejectedExecutionException e) {
      log.debug("{} events wait for the next start", rows.size(), e);
    }
  }

  private void send(List<Row> rows) {
    try {
      for (Row row : rows) {
        events.append(TOPIC, row.userId, row.event.getBytes(StandardCharsets.UTF_8));
      }
      database.write(
          handle -> {
            rows.forEach(row -> handle.execute("DELETE FROM chat_outbox WHERE id = ?", row.id));
            return true;
          });
    } catch (RuntimeException e) {
      log.error("{} events wait in the outbox", rows.size(), e);
    }
  }

  /** Sends what is left in the outbox. To be called at the start, and now and then. */
  public void sendLeftovers() {
    List<Row> left =
        database.read(
            handle ->
                handle
                    .createQuery(
                        "SELECT id, user_id, event FROM chat_outbox ORDER BY id LIMIT 1000")
                    .map(
                        (row, context) ->
                            new Row(
                                row.getString("id"),
                                row.getString("user_id"),
                                row.getString("event")))
                    .list());
    if (!left.isEmpty()) {
      send(left);
    }
  }

  /** The position of the newest event that this user's events may have. */
  public long end(String userId) {
    return events.end(TOPIC, events.partitionOf(TOPIC, userId));
  }

  /**
   * A user's events, oldest first.
   *
   * @throws io.parley.ports.log.PositionGoneException if they are no longer kept
   */
  public List<LogRecord> read(String userId, long after, int most) {
    return events.readKey(TOPIC, userId, after, most);
  }

  /** Has somebody woken when a user has new events. Does not block. */
  public EventLog.Subscription subscribe(String userId, Runnable wake) {
    return events.subscribe(TOPIC, userId, wake);
  }

  /** Forgets events older than this. */
  public void trim(Duration olderThan) {
    events.trim(TOPIC, olderThan);
  }
}
