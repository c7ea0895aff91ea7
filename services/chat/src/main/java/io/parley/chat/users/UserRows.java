package io.parley.chat.users;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The statements on users. Nobody who is being erased is found by any of them. */
final class UserRows {
  private static final String SELECT =
      "SELECT id, organisation_id, email, name, guest, notify_mail, notify_webhook, created_at_ms"
          + " FROM chat_users WHERE erasing_since_ms IS NULL";

  private UserRows() {}

  static void insert(Handle handle, User user, @Nullable String passwordHash) {
    handle
        .createUpdate(
            "INSERT INTO chat_users (id, organisation_id, email, name, password_hash, guest,"
                + " notify_mail, notify_webhook, created_at_ms) VALUES (:id, :organisation, :email,"
                + " :name, :hash, :guest, :mail, :webhook, :now)")
        .bind("id", user.id())
        .bind("organisation", user.organisationId())
        .bind("email", user.email().orElse(null))
        .bind("name", user.name())
        .bind("hash", passwordHash)
        .bind("guest", user.guest())
        .bind("mail", user.notifications().mail())
        .bind("webhook", user.notifications().webhook().orElse(null))
        .bind("now", user.createdAt().toEpochMilli())
        .execute();
  }

  /** Writes all but the password. */
  static void update(Handle handle, User user) {
    handle
        .createUpdate(
            "UPDATE chat_users SET email = :email, name = :name, guest = :guest,"
                + " notify_mail = :mail, notify_webhook = :webhook WHERE id = :id")
        .bind("id", user.id())
        .bind("email", user.email().orElse(null))
        .bind("name", user.name())
        .bind("guest", user.guest())
        .bind("mail", user.notifications().mail())
        .bind("webhook", user.notifications().webhook().orElse(null))
        .execute();
  }

  static void setPassword(Handle handle, String id, String hash) {
    handle.execute("UPDATE chat_users SET password_hash = ? WHERE id = ?", hash, id);
  }

  static Optional<User> byId(Handle handle, String id) {
    return handle
        .createQuery(SELECT + " AND id = :id")
        .bind("id", id)
        .map((row, context) -> user(row))
        .findOne();
  }

  static Optional<User> byEmail(Handle handle, String organisationId, String email) {
    return handle
        .createQuery(SELECT + " AND organisation_id = :organisation AND email = :email")
        .bind("organisation", organisationId)
        .bind("email", email)
        .map((row, context) -> user(row))
        .findOne();
  }

  static Optional<User> byIdentity(Handle handle, Identity identity) {
    return handle
        .createQuery(
            SELECT
                + " AND id = (SELECT user_id FROM chat_identities"
                + " WHERE issuer = :issuer AND subject = :subject)")
        .bind("issuer", identity.issuer())
        .bind("subject", identity.subject())
        .map((row, context) -> user(row))
        .findOne();
  }

  static void insertIdentity(Handle handle, Identity identity, String userId) {
    handle.execute(
        "INSERT INTO chat_identities (issuer, subject, user_id) VALUES (?, ?, ?)",
        identity.issuer(),
        identity.subject(),
        userId);
  }

  static Optional<String> passwordHash(Handle handle, String id) {
    return handle
        .createQuery("SELECT password_hash FROM chat_users WHERE id = :id")
        .bind("id", id)
        .map((row, context) -> Optional.ofNullable(row.getString("password_hash")))
        .findOne()
        .flatMap(hash -> hash);
  }

  private static User user(ResultSet row) throws SQLException {
    return new User(
        row.getString("id"),
        row.getString("organisation_id"),
        Optional.ofNullable(row.getString("email")),
        row.getString("name"),
        row.getBoolean("guest"),
        new Notifications(
            row.getBoolean("notify_mail"), Optional.ofNullable(row.getString("notify_webhook"))),
        Instant.ofEpochMilli(row.getLong("created_at_ms")));
  }
}
