package io.parley.chat.notifications;

import io.parley.chat.conversations.Message;
import io.parley.common.TimeSource;
import io.parley.ports.data.Database;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jdbi.v3.core.Handle;

/**
 * Notifications until they are sent, and a while longer. Whoever wants to send one claims it: it is
 * then nobody else's until {@link NotificationLimits#CLAIMED} is over, and a result counts only if
 * no later attempt has begun. So one is sent again only if it is not known what became of it.
 * Thread-safe; blocks.
 */
final class NotificationQueue {
  private static final String SELECT =
      "SELECT id, user_id, conversation_id, message_id, status, channel, ended_at_ms, attempts"
          + " FROM chat_notifications";

  private final Database database;
  private final TimeSource time;

  NotificationQueue(Database database, TimeSource time) {
    this.database = database;
    this.time = time;
  }

  /** Adds notifications that are due after a while; false if a limit leaves no room for them. */
  boolean add(List<Notification> added, Duration after) {
    long due = nowMs() + after.toMillis();
    return database.write(
        handle -> {
          boolean room = hasRoom(handle, added.getFirst(), added.size());
          if (room) {
            added.forEach(notification -> insert(handle, notification, due));
          }
          return room;
        });
  }

  private static boolean hasRoom(Handle handle, Notification first, int added) {
    long waiting =
        handle
            .createQuery("SELECT COUNT(*) FROM chat_notifications WHERE outcome IS NULL")
            .mapTo(Long.class)
            .one();
    long ofUser =
        handle
            .createQuery(
                "SELECT COUNT(*) FROM chat_notifications"
                    + " WHERE user_id = :user AND ended_at_ms > :since")
            .bind("user", first.userId())
            .bind("since", first.endedAt().minus(Duration.ofHours(1)).toEpochMilli())
            .mapTo(Long.class)
            .one();
    return waiting + added <= NotificationLimits.MAX_WAITING
        && ofUser + added <= NotificationLimits.MAX_OF_USER_PER_HOUR;
  }

  private static void insert(Handle handle, Notification notification, long due) {
    handle.execute(
        "INSERT INTO chat_notifications (id, user_id, conversation_id, message_id, status, channel,"
            + " ended_at_ms, due_at_ms, attempts) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0)",
        notification.id(),
        notification.userId(),
        notification.conversationId(),
        notification.messageId(),
        word(notification.status()),
        word(notification.channel()),
        notification.endedAt().toEpochMilli(),
        due);
  }

  /** Claims what is due, longest due first. */
  List<Notification> claim(int most) {
    long now = nowMs();
    // Mostly there is nothing, and then nobody has to wait for the one writer.
    if (database.read(handle -> due(handle, now, 1)).isEmpty()) {
      return List.of();
    }
    return database.write(handle -> claim(handle, now, most));
  }

  private static List<Notification> claim(Handle handle, long now, int most) {
    List<Notification> claimed = new ArrayList<>();
    for (Notification seen : due(handle, now, most)) {
      int changed =
          handle.execute(
              "UPDATE chat_notifications SET attempts = attempts + 1, due_at_ms = ?"
                  + " WHERE id = ? AND attempts = ? AND outcome IS NULL",
              now + NotificationLimits.CLAIMED.toMillis(),
              seen.id(),
              seen.attempts());
      if (changed == 1) {
        claimed.add(begun(seen));
      }
    }
    return claimed;
  }

  private static Notification begun(Notification seen) {
    return new Notification(
        seen.id(),
        seen.userId(),
        seen.conversationId(),
        seen.messageId(),
        seen.status(),
        seen.channel(),
        seen.endedAt(),
        seen.attempts() + 1);
  }

  private static List<Notification> due(Handle handle, long now, int most) {
    return handle
        .createQuery(
            SELECT
                + " WHERE outcome IS NULL AND due_at_ms <= :now"
                + " ORDER BY due_at_ms, id LIMIT :most")
        .bind("now", now)
        .bind("most", most)
        .map((row, context) -> notification(row))
        .list();
  }

  /** Ends a notification, unless another attempt has begun. */
  void settle(Notification claimed, Outcome outcome) {
    database.write(
        handle ->
            handle.execute(
                "UPDATE chat_notifications SET outcome = ?"
                    + " WHERE id = ? AND attempts = ? AND outcome IS NULL",
                word(outcome),
                claimed.id(),
                claimed.attempts()));
  }

  /** Has it tried again after a while, unless another attempt has begun. */
  void postpone(Notification claimed, Duration pause) {
    long due = nowMs() + pause.toMillis();
    database.write(
        handle ->
            handle.execute(
                "UPDATE chat_notifications SET due_at_ms = ?"
                    + " WHERE id = ? AND attempts = ? AND outcome IS NULL",
                due,
                claimed.id(),
                claimed.attempts()));
  }

  /** Forgets answers that ended longer ago than rows are kept, sent or not. */
  void forgetOld() {
    long before = nowMs() - NotificationLimits.KEPT.toMillis();
    database.write(
        handle -> handle.execute("DELETE FROM chat_notifications WHERE ended_at_ms < ?", before));
  }

  private long nowMs() {
    return time.now().toEpochMilli();
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private static Notification notification(ResultSet row) throws SQLException {
    return new Notification(
        row.getString("id"),
        row.getString("user_id"),
        row.getString("conversation_id"),
        row.getString("message_id"),
        Message.Status.valueOf(row.getString("status").toUpperCase(Locale.ROOT)),
        Channel.valueOf(row.getString("channel").toUpperCase(Locale.ROOT)),
        Instant.ofEpochMilli(row.getLong("ended_at_ms")),
        row.getInt("attempts"));
  }
}
