package io.parley.chat.users;

import io.parley.common.TimeSource;
import io.parley.ports.data.Database;
import java.util.List;
import org.jdbi.v3.core.Handle;

/**
 * Whose account is to be erased. A request counts from the moment it is written: nobody gets in any
 * more, name and address are gone, and the address may be used for another account. What the person
 * wrote is erased by somebody else, who asks here what is left to do. Thread-safe; blocks.
 */
public final class UserErasures {
  private final Database database;
  private final TimeSource time;

  public UserErasures(Database database, TimeSource time) {
    this.database = database;
    this.time = time;
  }

  /** Begins an erasure; nothing happens if it has begun. */
  public void request(String userId) {
    long now = time.now().toEpochMilli();
    database.write(handle -> request(handle, userId, now));
  }

  private static int request(Handle handle, String userId, long now) {
    SessionRows.deleteAllOf(handle, userId);
    handle.execute("DELETE FROM chat_identities WHERE user_id = ?", userId);
    forgetNotifications(handle, userId);
    handle.execute(
        "INSERT INTO chat_erasures (user_id, requested_at_ms) VALUES (?, ?)"
            + " ON CONFLICT (user_id) DO NOTHING",
        userId,
        now);
    return handle.execute(
        "UPDATE chat_users SET email = NULL, name = '', password_hash = NULL, notify_mail = ?,"
            + " notify_webhook = NULL, erasing_since_ms = ? WHERE id = ?"
            + " AND erasing_since_ms IS NULL",
        false,
        now,
        userId);
  }

  private static void forgetNotifications(Handle handle, String userId) {
    handle.execute("DELETE FROM chat_notifications WHERE user_id = ?", userId);
    handle.execute("DELETE FROM chat_webhook_secrets WHERE user_id = ?", userId);
  }

  /** Users whose erasure has begun and not ended, longest ago first. */
  public List<String> pending() {
    return database.read(
        handle ->
            handle
                .createQuery("SELECT user_id FROM chat_erasures ORDER BY requested_at_ms, user_id")
                .mapTo(String.class)
                .list());
  }

  /** Ends an erasure: from now on nothing tells that there was such a user. */
  public void finish(String userId) {
    database.write(
        handle -> {
          forgetNotifications(handle, userId); // an answer may have ended meanwhile
          handle.execute("DELETE FROM chat_users WHERE id = ?", userId);
          return handle.execute("DELETE FROM chat_erasures WHERE user_id = ?", userId);
        });
  }
}
