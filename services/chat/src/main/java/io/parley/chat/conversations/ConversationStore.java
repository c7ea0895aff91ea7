package io.parley.chat.conversations;

import io.parley.chat.BodyCipher;
import io.parley.chat.ChatLimits;
import io.parley.chat.ChatUser;
import io.parley.chat.sync.ChatEvent;
import io.parley.chat.sync.UserEvents;
import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import io.parley.common.TimeSource;
import io.parley.ports.data.Database;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
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
 *
 * <p>Titles and system prompts are sealed before a transaction begins and opened when it is over.
 */
public final class ConversationStore {
  private final Database database;
  private final UserEvents events;
  private final ConversationTexts texts;
  private final TimeSource time;
  private final ChatLimits limits;

  public ConversationStore(
      Database database, UserEvents events, BodyCipher cipher, TimeSource time, ChatLimits limits) {
    this.database = database;
    this.events = events;
    this.texts = new ConversationTexts(cipher);
    this.time = time;
    this.limits = limits;
  }

  /** What a new conversation begins with. */
  public record Fresh(
      String id, @Nullable String title, @Nullable String model, @Nullable String system) {}

  /** A conversation, and whether this call made it. */
  public record Created(Conversation conversation, boolean isNew) {}

  private record CreatedRow(ConversationRow row, boolean isNew) {}

  /**
   * Makes a conversation. With the id of one that its user has already, that one is given.
   *
   * @throws ParleyException CONFLICT if the id is another's, RATE_LIMIT if he has as many as he may
   */
  public Created create(ChatUser owner, Fresh fresh) {
    long now = time.now().toEpochMilli();
    String userId = owner.userId();
    byte[] title = texts.sealTitle(userId, fresh.id(), fresh.title());
    byte[] system = texts.sealSystem(userId, fresh.id(), fresh.system());
    CreatedRow created =
        events.write(
            userId,
            (handle, emitter) -> {
              Optional<ConversationRow> known = ConversationRows.find(handle, userId, fresh.id());
              if (known.isPresent()) {
                return new CreatedRow(known.get(), false);
              }
              refuseAboveLimit(handle, owner);
              insert(handle, owner, fresh, now);
              writeTitle(handle, fresh.id(), title, title == null ? TitleBy.NOBODY : TitleBy.USER);
              writeSystem(handle, fresh.id(), system);
              emitter.emit(new ChatEvent.ConversationChanged(fresh.id()));
              return new CreatedRow(ConversationRows.get(handle, userId, fresh.id()), true);
            });
    return new Created(texts.open(created.row), created.isNew);
  }

  private static void writeTitle(
      Handle handle, String id, byte @Nullable [] sealed, TitleBy author) {
    handle
        .createUpdate(
            "UPDATE chat_conversations SET title = NULL, title_sealed = :sealed, title_by = :by"
                + " WHERE id = :id")
        .bind("sealed", sealed)
        .bind("by", author.wireName())
        .bind("id", id)
        .execute();
  }

  private static void writeSystem(Handle handle, String id, byte @Nullable [] sealed) {
    handle
        .createUpdate(
            "UPDATE chat_conversations SET system = NULL, system_sealed = :sealed WHERE id = :id")
        .bind("sealed", sealed)
        .bind("id", id)
        .execute();
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
                "INSERT INTO chat_conversations (id, organisation_id, user_id, title_by, model,"
                    + " archived, flagged, created_at_ms, last_activity_at_ms, version, messages,"
                    + " input_tokens, output_tokens) VALUES (:id, :organisation, :user, 'nobody',"
                    + " :model, 0, 0, :now, :now, 1, 0, 0, 0) ON CONFLICT (id) DO NOTHING")
            .bind("id", fresh.id())
            .bind("organisation", owner.organisationId())
            .bind("user", owner.userId())
            .bind("model", fresh.model())
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
    return texts.open(database.read(handle -> ConversationRows.get(handle, owner.userId(), id)));
  }

  /** One conversation, if the user has it. */
  public Optional<Conversation> find(String userId, String id) {
    return database.read(handle -> ConversationRows.find(handle, userId, id)).map(texts::open);
  }

  /** A place in a list of conversations, newest activity first. */
  public record Position(long lastActivityMs, String id) {}

  /** Conversations of a user, newest activity first. Texts that are damaged are left out. */
  public List<Conversation> list(
      ChatUser owner, boolean archived, @Nullable Position behind, int most) {
    return rows(owner, archived, behind, most).stream().map(texts::openOrBare).toList();
  }

  private List<ConversationRow> rows(
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
          return query.map((row, context) -> ConversationRows.row(row)).list();
        });
  }

  /**
   * Changes what a user may change of a conversation.
   *
   * @param change what it is to be; a title that it leaves as it is stays whoever's it is, also if
   *     the model gives one meanwhile
   * @throws StaleVersionException if it has another version
   */
  public Conversation change(
      ChatUser owner, String id, long version, UnaryOperator<Conversation> change) {
    Conversation current = get(owner, id);
    if (current.version() != version) {
      throw new StaleVersionException(current);
    }
    Conversation next = change.apply(current);
    byte[] title = texts.sealTitle(owner.userId(), id, next.title());
    byte[] system = texts.sealSystem(owner.userId(), id, next.system());
    try {
      return texts.open(
          events.write(
              owner.userId(),
              (handle, emitter) -> {
                requireVersion(handle, owner, id, version);
                update(handle, next);
                if (isTitled(current, next)) {
                  writeTitle(handle, id, title, next.titleBy());
                }
                if (!Objects.equals(current.system(), next.system())) {
                  writeSystem(handle, id, system);
                }
                emitter.emit(new ChatEvent.ConversationChanged(id));
                return ConversationRows.get(handle, owner.userId(), id);
              }));
    } catch (VersionMovedException e) {
      throw new StaleVersionException(get(owner, id));
    }
  }

  private static boolean isTitled(Conversation current, Conversation next) {
    return current.titleBy() != next.titleBy() || !Objects.equals(current.title(), next.title());
  }

  private static void update(Handle handle, Conversation next) {
    handle
        .createUpdate(
            "UPDATE chat_conversations SET model = :model, archived = :archived,"
                + " flagged = :flagged, head_id = :head, version = version + 1 WHERE id = :id")
        .bind("model", next.model())
        .bind("archived", next.archived() ? 1 : 0)
        .bind("flagged", next.flagged() ? 1 : 0)
        .bind("head", next.headId())
        .bind("id", next.id())
        .execute();
  }

  private static Conversation requireVersion(
      Handle handle, ChatUser owner, String id, long version) {
    Conversation current = ConversationRows.get(handle, owner.userId(), id).bare();
    if (current.version() != version) {
      throw new VersionMovedException();
    }
    return current;
  }

  /** Gives it a title, if nobody has. */
  public void titleByModel(ChatUser owner, String id, String title) {
    byte[] sealed = texts.sealTitle(owner.userId(), id, title);
    events.write(
        owner.userId(),
        (handle, emitter) -> {
          boolean untitled =
              ConversationRows.find(handle, owner.userId(), id)
                  .filter(found -> found.bare().titleBy() == TitleBy.NOBODY)
                  .isPresent();
          if (untitled) {
            writeTitle(handle, id, sealed, TitleBy.MODEL);
            emitter.emit(new ChatEvent.ConversationChanged(id));
          }
          return untitled;
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
   * Deletes a conversation, as far as it is in SQL; the row that is left remembers the rest, which
   * is the caller's to remove.
   *
   * @return what is left to be removed
   * @throws StaleVersionException if it has another version
   */
  public Removals.Removal delete(ChatUser owner, String id, long version) {
    try {
      return events.write(
          owner.userId(),
          (handle, emitter) -> {
            Conversation current = requireVersion(handle, owner, id, version);
            Removals.Removal removal =
                new Removals.Removal(id, owner.userId(), current.buckets(), streams(handle, id));
            Removals.insert(handle, removal, Instant.ofEpochMilli(time.now().toEpochMilli()));
            deleteRows(handle, id);
            emitter.emit(new ChatEvent.ConversationDeleted(id));
            return removal;
          });
    } catch (VersionMovedException e) {
      throw new StaleVersionException(get(owner, id));
    }
  }

  private static List<String> streams(Handle handle, String id) {
    return handle
        .createQuery("SELECT stream FROM chat_answers WHERE conversation_id = :id ORDER BY id")
        .bind("id", id)
        .mapTo(String.class)
        .list();
  }

  private static void deleteRows(Handle handle, String id) {
    ImageUses.release(handle, id);
    handle.execute("DELETE FROM chat_answers WHERE conversation_id = ?", id);
    handle.execute("DELETE FROM chat_sends WHERE conversation_id = ?", id);
    handle.execute("DELETE FROM chat_buckets WHERE conversation_id = ?", id);
    handle.execute("DELETE FROM chat_shares WHERE conversation_id = ?", id);
    handle.execute("DELETE FROM chat_conversations WHERE id = ?", id);
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
