package io.parley.chat.conversations;

import io.parley.chat.ChatLimits;
import io.parley.chat.ChatUser;
import io.parley.chat.sync.ChatEvent;
import io.parley.chat.sync.UserEvents;
import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import io.parley.common.TimeSource;
import io.parley.ports.data.Database;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Conversations in SQL. Thread-safe; blocks.
 *
 * <p>A write of a user names the version that he saw, and happens only if it is still that one; it
 * then counts the version up. What the server does by itself (a title that the model made, the end
 * of an answer, what was read) is guarded by its own condition and leaves the version as it is, so
 * that no user is refused for what nobody wrote.
 */
public final class ConversationStore {
  private final Database database;
  private final UserEvents events;
  private final TimeSource time;
  private final ChatLimits limits;

  public ConversationStore(
      Database database, UserEvents events, TimeSource time, ChatLimits limits) {
    this.database = database;
    this.events = events;
    this.time = time;
    this.limits = limits;
  }

  /** What a new conversation begins with. */
  public record Fresh(
      String id, @Nullable String title, @Nullable String model, @Nullable String system) {}

  /** A conversation, and whether this call made it. */
  public record Created(Conversation conversation, boolean isNew) {}

  /**
   * Makes a conversation. With the id of one that its user has already, that one is given.
   *
   * @throws ParleyException CONFLICT if the id is another's, RATE_LIMIT if he has as many as he may
   */
  public Created create(ChatUser owner, Fresh fresh) {
    long now = time.now().toEpochMilli();
    return events.write(
        owner.userId(),
        (handle, emitter) -> {
          Optional<Conversation> known = ConversationRows.find(handle, owner.userId(), fresh.id());
          if (known.isPresent()) {
            return new Created(known.get(), false);
          }
          refuseAboveLimit(handle, owner);
          insert(handle, owner, fresh, now);
          emitter.emit(new ChatEvent.ConversationChanged(fresh.id()));
          return new Created(ConversationRows.get(handle, owner.userId(), fresh.id()), true);
        });
  }

  private void refuseAboveLimit(Handle handle, ChatUser owner) {
    long conversations =
        handle
            .createQuery("SELECT count(*) FROM chat_conversations WHERE user_id = :user")
            .bind("user", owner.userId())
            .mapTo(Long.class)
            .one();
    if (conversations >= limits.maxConversations()) {
      throw new ParleyException(
          ErrorCode.RATE_LIMIT,
          "you have %d conversations, which is the limit; delete some"
              .formatted(limits.maxConversations()));
    }
  }

  private static void insert(Handle handle, ChatUser owner, Fresh fresh, long nowMs) {
    int inserted =
        handle
            .createUpdate(
                "INSERT INTO chat_conversations (id, organisation_id, user_id, title, title_by,"
                    + " model, system, archived, flagged, created_at_ms, last_activity_at_ms,"
                    + " version, messages, input_tokens, output_tokens)"
                    + " VALUES (:id, :organisation, :user, :title, :by, :model, :system, 0, 0,"
                    + " :now, :now, 1, 0, 0, 0) ON CONFLICT (id) DO NOTHING")
            .bind("id", fresh.id())
            .bind("organisation", owner.organisationId())
            .bind("user", owner.userId())
            .bind("title", fresh.title())
            .bind("by", (fresh.title() == null ? TitleBy.NOBODY : TitleBy.USER).wireName())
            .bind("model", fresh.model())
            .bind("system", fresh.system())
            .bind("now", nowMs)
            .execute();
    if (inserted == 0) {
      throw new ParleyException(ErrorCode.CONFLICT, "id: is in use; choose another");
    }
  }

  /**
   * One conversation.
   *
   * @throws ParleyException NOT_FOUND if this user has none of that id
   */
  public Conversation get(ChatUser owner, String id) {
    return database.read(handle -> ConversationRows.get(handle, owner.userId(), id));
  }

  /** One conversation, if the user has it. */
  public Optional<Conversation> find(String userId, String id) {
    return database.read(handle -> ConversationRows.find(handle, userId, id));
  }

  /** A place in a list of conversations, newest activity first. */
  public record Position(long lastActivityMs, String id) {}

  /** Conversations of a user, newest activity first. */
  public List<Conversation> list(
      ChatUser owner, boolean archived, @Nullable Position behind, int most) {
    String further =
        behind == null
            ? ""
            : " AND (last_activity_at_ms < :ms OR (last_activity_at_ms = :ms AND id < :id))";
    return database.read(
        handle -> {
          var query =
              handle
                  .createQuery(
                      ConversationRows.SELECT
                          + " WHERE user_id = :user AND archived = :archived"
                          + further
                          + " ORDER BY last_activity_at_ms DESC, id DESC LIMIT :most")
                  .bind("user", owner.userId())
                  .bind("archived", archived ? 1 : 0)
                  .bind("most", most);
          if (behind != null) {
            query.bind("ms", behind.lastActivityMs()).bind("id", behind.id());
          }
          return query.map((row, context) -> ConversationRows.conversation(row)).list();
        });
  }

  /**
   * Changes what a user may change of a conversation.
   *
   * @param change what it is to be; of a title that differs its user is the author
   * @throws StaleVersionException if it has another version
   */
  public Conversation change(
      ChatUser owner, String id, long version, UnaryOperator<Conversation> change) {
    return events.write(
        owner.userId(),
        (handle, emitter) -> {
          Conversation current = current(handle, owner, id, version);
          Conversation next = change.apply(current);
          handle
              .createUpdate(
                  "UPDATE chat_conversations SET title = :title, title_by = :by, model = :model,"
                      + " system = :system, archived = :archived, flagged = :flagged,"
                      + " head_id = :head, version = version + 1"
                      + " WHERE id = :id AND version = :version")
              .bind("title", next.title())
              .bind("by", next.titleBy().wireName())
              .bind("model", next.model())
              .bind("system", next.system())
              .bind("archived", next.archived() ? 1 : 0)
              .bind("flagged", next.flagged() ? 1 : 0)
              .bind("head", next.headId())
              .bind("id", id)
              .bind("version", version)
              .execute();
          emitter.emit(new ChatEvent.ConversationChanged(id));
          return ConversationRows.get(handle, owner.userId(), id);
        });
  }

  private static Conversation current(Handle handle, ChatUser owner, String id, long version) {
    Conversation current = ConversationRows.get(handle, owner.userId(), id);
    if (current.version() != version) {
      throw new StaleVersionException(current);
    }
    return current;
  }

  /** Gives it a title, if nobody has. */
  public void titleByModel(ChatUser owner, String id, String title) {
    events.write(
        owner.userId(),
        (handle, emitter) -> {
          int changed =
              handle
                  .createUpdate(
                      "UPDATE chat_conversations SET title = :title, title_by = 'model'"
                          + " WHERE id = :id AND user_id = :user AND title_by = 'nobody'")
                  .bind("title", title)
                  .bind("id", id)
                  .bind("user", owner.userId())
                  .execute();
          if (changed > 0) {
            emitter.emit(new ChatEvent.ConversationChanged(id));
          }
          return changed;
        });
  }

  /** Notes how far a user has read; it never goes back. */
  public void read(ChatUser owner, String id, String messageId) {
    events.write(
        owner.userId(),
        (handle, emitter) -> {
          ConversationRows.get(handle, owner.userId(), id);
          int changed =
              handle
                  .createUpdate(
                      "UPDATE chat_conversations SET read_id = :message WHERE id = :id"
                          + " AND (read_id IS NULL OR read_id < :message)"
                          + " AND :message <= last_id")
                  .bind("message", messageId)
                  .bind("id", id)
                  .execute();
          if (changed > 0) {
            emitter.emit(new ChatEvent.MessageRead(id, messageId));
          }
          return changed;
        });
  }

  /**
   * Removes a conversation from the lists; its messages are the caller's to remove.
   *
   * @return it as it was
   * @throws StaleVersionException if it has another version
   */
  public Conversation delete(ChatUser owner, String id, long version) {
    return events.write(
        owner.userId(),
        (handle, emitter) -> {
          Conversation current = current(handle, owner, id, version);
          handle.execute("DELETE FROM chat_answers WHERE conversation_id = ?", id);
          handle.execute("DELETE FROM chat_sends WHERE conversation_id = ?", id);
          handle.execute("DELETE FROM chat_buckets WHERE conversation_id = ?", id);
          handle.execute("DELETE FROM chat_conversations WHERE id = ?", id);
          emitter.emit(new ChatEvent.ConversationDeleted(id));
          return current;
        });
  }

  /** The bucket that a message of this id is in, if there is one; empty before the first. */
  public Optional<Integer> bucketOf(String conversationId, String messageId) {
    return database.read(
        handle ->
            handle
                .createQuery(
                    "SELECT bucket FROM chat_buckets WHERE conversation_id = :conversation"
                        + " AND first_id <= :id ORDER BY first_id DESC LIMIT 1")
                .bind("conversation", conversationId)
                .bind("id", messageId)
                .mapTo(Integer.class)
                .findOne());
  }
}
