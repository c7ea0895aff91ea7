package io.parley.chat.conversations;

import io.parley.ports.data.Database;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * Conversations that are deleted, and of which something may be left in stores that no transaction
 * reaches. A row is written in the transaction that deletes, and goes when nothing is left.
 * Thread-safe; blocks.
 */
public final class Removals {
  private static final String SELECT =
      "SELECT conversation_id, user_id, buckets, streams FROM chat_removals";

  private final Database database;

  public Removals(Database database) {
    this.database = database;
  }

  /**
   * What is to be removed.
   *
   * @param buckets that its messages are in
   * @param streams of the answers that were being written
   */
  public record Removal(String conversationId, String userId, int buckets, List<String> streams) {
    public Removal {
      streams = List.copyOf(streams);
    }
  }

  static void insert(Handle handle, Removal removal, Instant now) {
    handle
        .createUpdate(
            "INSERT INTO chat_removals (conversation_id, user_id, buckets, streams,"
                + " requested_at_ms) VALUES (:conversation, :user, :buckets, :streams, :now)")
        .bind("conversation", removal.conversationId())
        .bind("user", removal.userId())
        .bind("buckets", removal.buckets())
        .bind("streams", String.join(" ", removal.streams()))
        .bind("now", now.toEpochMilli())
        .execute();
  }

  /** All that are not done, longest ago first. */
  public List<Removal> pending() {
    return database.read(
        handle ->
            handle
                .createQuery(SELECT + " ORDER BY requested_at_ms, conversation_id")
                .map((row, context) -> removal(row))
                .list());
  }

  /** The one of a conversation, if there is one that is not done. */
  public Optional<Removal> find(String conversationId) {
    return database.read(
        handle ->
            handle
                .createQuery(SELECT + " WHERE conversation_id = :conversation")
                .bind("conversation", conversationId)
                .map((row, context) -> removal(row))
                .findOne());
  }

  /** Whether something may be left of a user's. */
  public boolean isPending(String userId) {
    return database.read(
        handle ->
            handle
                    .createQuery("SELECT count(*) FROM chat_removals WHERE user_id = :user")
                    .bind("user", userId)
                    .mapTo(Long.class)
                    .one()
                > 0);
  }

  /** Nothing is left of a conversation, and nobody writes anything of it any more. */
  public void done(String conversationId) {
    database.write(
        handle ->
            handle.execute("DELETE FROM chat_removals WHERE conversation_id = ?", conversationId));
  }

  private static Removal removal(ResultSet row) throws SQLException {
    return new Removal(
        row.getString("conversation_id"),
        row.getString("user_id"),
        row.getInt("buckets"),
        Arrays.stream(row.getString("streams").split(" ", -1))
            .filter(stream -> !stream.isEmpty())
            .toList());
  }
}
