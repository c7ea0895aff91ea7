package io.parley.chat.conversations;

import io.parley.chat.ChatUser;
import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Rows of conversations and of answers as objects. Of another's conversation there is no trace. */
final class ConversationRows {
  static final String SELECT =
      "SELECT id, organisation_id, user_id, title, title_sealed, title_by,"
          + " model, system, system_sealed, archived, flagged,"
          + " created_at_ms, last_activity_at_ms, version, messages, last_id, head_id, read_id,"
          + " answering_id, input_tokens, output_tokens, share_id FROM chat_conversations";

  static final String SELECT_ANSWERS =
      "SELECT id, conversation_id, organisation_id, user_id, bucket, parent_id, client_id, model,"
          + " stream, started_at_ms, before_input_tokens, before_output_tokens, question_id, question_bucket, question FROM chat_answers";

  private ConversationRows() {}

  static Optional<ConversationRow> find(Handle handle, String userId, String id) {
    return handle
        .createQuery(SELECT + " WHERE id = :id AND user_id = :user")
        .bind("id", id)
        .bind("user", userId)
        .map((row, context) -> row(row))
        .findOne();
  }

  static ConversationRow get(Handle handle, String userId, String id) {
    return find(handle, userId, id).orElseThrow(() -> notFound(id));
  }

  static ParleyException notFound(String id) {
    return new ParleyException(
        ErrorCode.NOT_FOUND, "conversation_id: there is no conversation '" + id + "'");
  }

  static ConversationRow row(ResultSet row) throws SQLException {
    return new ConversationRow(
        bare(row), row.getBytes("title_sealed"), row.getBytes("system_sealed"));
  }

  private static Conversation bare(ResultSet row) throws SQLException {
    return new Conversation(
        row.getString("id"),
        owner(row),
        row.getString("title"),
        TitleBy.of(row.getString("title_by")),
        row.getString("model"),
        row.getString("system"),
        row.getInt("archived") != 0,
        row.getInt("flagged") != 0,
        Instant.ofEpochMilli(row.getLong("created_at_ms")),
        Instant.ofEpochMilli(row.getLong("last_activity_at_ms")),
        row.getLong("version"),
        row.getInt("messages"),
        row.getString("last_id"),
        row.getString("head_id"),
        row.getString("read_id"),
        row.getString("answering_id"),
        new TokenUsage(row.getLong("input_tokens"), row.getLong("output_tokens")),
        row.getString("share_id"));
  }

  static OpenAnswer answer(ResultSet row) throws SQLException {
    return new OpenAnswer(
        row.getString("id"),
        row.getString("conversation_id"),
        owner(row),
        row.getInt("bucket"),
        row.getString("parent_id"),
        row.getString("client_id"),
        row.getString("model"),
        row.getString("stream"),
        Instant.ofEpochMilli(row.getLong("started_at_ms")),
        new TokenUsage(row.getLong("before_input_tokens"), row.getLong("before_output_tokens")),
        question(row));
  }

  private static OpenAnswer.@Nullable Question question(ResultSet row) throws SQLException {
    byte[] sealed = row.getBytes("question");
    return sealed == null
        ? null
        : new OpenAnswer.Question(
            row.getString("question_id"), row.getInt("question_bucket"), sealed);
  }

  /** Whether the user is a guest matters to nobody here. */
  private static ChatUser owner(ResultSet row) throws SQLException {
    return new ChatUser(row.getString("organisation_id"), row.getString("user_id"), false);
  }
}
