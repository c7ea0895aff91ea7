package io.parley.chat.users;

import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/** The statements on sessions. */
final class SessionRows {
  /** Sessions that one statement asks for: databases limit what may be bound to one. */
  private static final int MOST_ASKED = 500;

  /** A session, as far as it matters whether it still holds. */
  record Row(String userId, Instant lastSeenAt, Instant expiresAt) {}

  private SessionRows() {}

  static void insert(
      Handle handle, SessionToken token, String userId, Instant now, Instant expiresAt) {
    handle
        .createUpdate(
            "INSERT INTO chat_sessions (token_hash, user_id, created_at_ms, last_seen_at_ms,"
                + " expires_at_ms) VALUES (:hash, :user, :now, :now, :expires)")
        .bind("hash", token.hash())
        .bind("user", userId)
        .bind("now", now.toEpochMilli())
        .bind("expires", expiresAt.toEpochMilli())
        .execute();
  }

  static Optional<Row> find(Handle handle, SessionToken token) {
    return handle
        .createQuery(
            "SELECT user_id, last_seen_at_ms, expires_at_ms FROM chat_sessions"
                + " WHERE token_hash = :hash")
        .bind("hash", token.hash())
        .map(
            (row, context) ->
                new Row(
                    row.getString("user_id"),
                    Instant.ofEpochMilli(row.getLong("last_seen_at_ms")),
                    Instant.ofEpochMilli(row.getLong("expires_at_ms"))))
        .findOne();
  }

  /** The hashes of those that hold now, and were used after {@code idleSince}. */
  static Set<String> holding(
      Handle handle, Collection<SessionToken> tokens, Instant now, Instant idleSince) {
    List<String> hashes = tokens.stream().map(SessionToken::hash).toList();
    Set<String> holding = new HashSet<>();
    for (int i = 0; i < hashes.size(); i += MOST_ASKED) {
      List<String> some = hashes.subList(i, Math.min(i + MOST_ASKED, hashes.size()));
      handle
          .createQuery(
              "SELECT token_hash FROM chat_sessions WHERE token_hash IN (<hashes>)"
                  + " AND expires_at_ms > :now AND last_seen_at_ms > :idle")
          .bindList("hashes", some)
          .bind("now", now.toEpochMilli())
          .bind("idle", idleSince.toEpochMilli())
          .mapTo(String.class)
          .forEach(holding::add);
    }
    return holding;
  }

  static int seen(Handle handle, SessionToken token, Instant now) {
    return handle.execute(
        "UPDATE chat_sessions SET last_seen_at_ms = ? WHERE token_hash = ?",
        now.toEpochMilli(),
        token.hash());
  }

  static int delete(Handle handle, SessionToken token) {
    return handle.execute("DELETE FROM chat_sessions WHERE token_hash = ?", token.hash());
  }

  static int deleteAllOf(Handle handle, String userId) {
    return handle.execute("DELETE FROM chat_sessions WHERE user_id = ?", userId);
  }

  static int deleteOthersOf(Handle handle, String userId, SessionToken kept) {
    return handle.execute(
        "DELETE FROM chat_sessions WHERE user_id = ? AND token_hash <> ?", userId, kept.hash());
  }

  /** Leaves the newest {@code most} sessions of a user. */
  static int trim(Handle handle, String userId, int most) {
    return handle.execute(
        "DELETE FROM chat_sessions WHERE user_id = ? AND token_hash NOT IN (SELECT token_hash FROM"
            + " chat_sessions WHERE user_id = ? ORDER BY created_at_ms DESC, token_hash LIMIT ?)",
        userId,
        userId,
        most);
  }

  static int deleteEnded(Handle handle, Instant now, Instant idleSince) {
    return handle.execute(
        "DELETE FROM chat_sessions WHERE expires_at_ms <= ? OR last_seen_at_ms <= ?",
        now.toEpochMilli(),
        idleSince.toEpochMilli());
  }
}
