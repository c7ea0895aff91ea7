package io.parley.chat.sharing;

import io.parley.chat.ChatUser;
import io.parley.chat.answers.History;
import io.parley.chat.conversations.Block;
import io.parley.chat.conversations.Conversation;
import io.parley.chat.conversations.ConversationStore;
import io.parley.chat.conversations.Images;
import io.parley.chat.conversations.Message;
import io.parley.chat.sync.ChatEvent;
import io.parley.chat.sync.UserEvents;
import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import io.parley.common.TimeSource;
import io.parley.concurrent.cache.CacheSettings;
import io.parley.concurrent.cache.StripedLruCache;
import io.parley.ports.data.Database;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Links by which anybody reads the branch that was shown when it was shared; what is said later is
 * not on it. A conversation has one link at a time. Thread-safe; blocks.
 */
public final class Shares {
  /** Messages that a link shows; of a longer branch the latest. */
  public static final int MAX_MESSAGES = 1_000;

  private static final int ID_BYTES = 16;
  private static final int MAX_KNOWN_BRANCHES = 1_000;
  private static final int STRIPES = 8;

  private final Database database;
  private final UserEvents events;
  private final ConversationStore conversations;
  private final History history;
  private final Images images;
  private final TimeSource time;
  private final RandomGenerator random;

  /** Pictures of branches, by conversation and tip: what was said there is never changed. */
  private final StripedLruCache<String, Set<String>> imageIds =
      new StripedLruCache<>(STRIPES, CacheSettings.maxEntries(MAX_KNOWN_BRANCHES));

  private record Row(String userId, String conversationId, String headId, Instant createdAt) {}

  /**
   * @param random cryptographically strong and thread-safe: who can guess an id can read
   */
  public Shares(
      Database database,
      UserEvents events,
      ConversationStore conversations,
      History history,
      Images images,
      TimeSource time,
      RandomGenerator random) {
    this.database = database;
    this.events = events;
    this.conversations = conversations;
    this.history = history;
    this.images = images;
    this.time = time;
    this.random = random;
  }

  /**
   * Makes a link to the branch that is shown. If there is a link, it shows that branch from now on.
   *
   * @return its id
   * @throws ParleyException NOT_FOUND if the user has no such conversation, INVALID_REQUEST if
   *     nothing was said in it, CONFLICT while its last answer is being written
   */
  public String share(ChatUser owner, String conversationId) {
    Conversation shown = conversations.get(owner, conversationId);
    if (shown.headId() == null) {
      throw ParleyException.invalid("conversation_id: nothing was said yet");
    }
    if (history.open(shown, shown.headId()).isPresent()) {
      throw new ParleyException(
          ErrorCode.CONFLICT, "an answer is being written; share when it has ended");
    }
    String id = shown.shareId() == null ? newId() : shown.shareId();
    return events.write(
        owner.userId(),
        (handle, emitter) -> {
          insert(handle, id, owner, conversationId, shown.headId());
          link(handle, owner, conversationId, id);
          emitter.emit(new ChatEvent.ConversationChanged(conversationId));
          return id;
        });
  }

  private void insert(
      Handle handle, String id, ChatUser owner, String conversationId, @Nullable String headId) {
    handle
        .createUpdate(
            "INSERT INTO chat_shares (id, user_id, conversation_id, head_id, created_at_ms)"
                + " VALUES (:id, :user, :conversation, :head, :now) ON CONFLICT (conversation_id)"
                + " DO UPDATE SET id = excluded.id, head_id = excluded.head_id,"
                + " created_at_ms = excluded.created_at_ms")
        .bind("id", id)
        .bind("user", owner.userId())
        .bind("conversation", conversationId)
        .bind("head", headId)
        .bind("now", time.now().toEpochMilli())
        .execute();
  }

  /** Ends a link; nothing happens if there is none. */
  public void revoke(ChatUser owner, String conversationId) {
    conversations.get(owner, conversationId);
    events.write(
        owner.userId(),
        (handle, emitter) -> {
          int revoked =
              handle.execute(
                  "DELETE FROM chat_shares WHERE conversation_id = ? AND user_id = ?",
                  conversationId,
                  owner.userId());
          link(handle, owner, conversationId, null);
          if (revoked > 0) {
            emitter.emit(new ChatEvent.ConversationChanged(conversationId));
          }
          return revoked;
        });
  }

  private static void link(
      Handle handle, ChatUser owner, String conversationId, @Nullable String shareId) {
    handle
        .createUpdate(
            "UPDATE chat_conversations SET share_id = :share"
                + " WHERE id = :conversation AND user_id = :user")
        .bind("share", shareId)
        .bind("conversation", conversationId)
        .bind("user", owner.userId())
        .execute();
  }

  /** Ends all links of a user. */
  public void revokeAll(String userId) {
    database.write(handle -> handle.execute("DELETE FROM chat_shares WHERE user_id = ?", userId));
  }

  /**
   * What a link shows.
   *
   * @throws ParleyException NOT_FOUND if there is no such link, or not any more
   */
  public SharedConversation read(String shareId) {
    Row share = database.read(handle -> find(handle, shareId)).orElseThrow(Shares::missing);
    Conversation conversation =
        conversations.find(share.userId(), share.conversationId()).orElseThrow(Shares::missing);
    return new SharedConversation(
        conversation.title(), share.createdAt(), branch(conversation, share.headId()));
  }

  /**
   * A picture of a message that a link shows.
   *
   * @throws ParleyException NOT_FOUND if there is no such link, or it does not show this picture
   */
  public SharedImage image(String shareId, String imageId) {
    Row share = database.read(handle -> find(handle, shareId)).orElseThrow(Shares::missing);
    Conversation conversation =
        conversations.find(share.userId(), share.conversationId()).orElseThrow(Shares::missing);
    if (!imageIds(conversation, share.headId()).contains(imageId)) {
      throw noImage(imageId);
    }
    String type =
        images
            .find(share.userId(), imageId)
            .map(Block.Image::mediaType)
            .orElseThrow(() -> noImage(imageId));
    byte[] bytes = images.bytes(share.userId(), imageId).orElseThrow(() -> noImage(imageId));
    return new SharedImage(type, bytes);
  }

  private Set<String> imageIds(Conversation conversation, String headId) {
    String branch = conversation.id() + "/" + headId;
    Set<String> known = imageIds.get(branch);
    if (known != null) {
      return known;
    }
    Set<String> read = new HashSet<>();
    for (Message message : branch(conversation, headId)) {
      for (Block block : message.content()) {
        if (block instanceof Block.Image image) {
          read.add(image.imageId());
        }
      }
    }
    imageIds.put(branch, read);
    return read;
  }

  private static ParleyException noImage(String imageId) {
    return new ParleyException(
        ErrorCode.NOT_FOUND, "image_id: this link shows no image " + imageId);
  }

  private List<Message> branch(Conversation conversation, String headId) {
    Deque<Message> branch = new ArrayDeque<>();
    Optional<Message> next = history.find(conversation, headId);
    while (next.isPresent() && branch.size() < MAX_MESSAGES) {
      branch.addFirst(next.get());
      next =
          Optional.ofNullable(next.get().parentId()).flatMap(id -> history.find(conversation, id));
    }
    return List.copyOf(branch);
  }

  private static Optional<Row> find(Handle handle, String shareId) {
    return handle
        .createQuery(
            "SELECT user_id, conversation_id, head_id, created_at_ms FROM chat_shares"
                + " WHERE id = :id")
        .bind("id", shareId)
        .map(
            (row, context) ->
                new Row(
                    row.getString("user_id"),
                    row.getString("conversation_id"),
                    row.getString("head_id"),
                    Instant.ofEpochMilli(row.getLong("created_at_ms"))))
        .findOne();
  }

  private String newId() {
    byte[] bytes = new byte[ID_BYTES];
    random.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static ParleyException missing() {
    return new ParleyException(ErrorCode.NOT_FOUND, "share_id: there is no such link any more");
  }
}
