package io.parley.chat.conversations;

import io.parley.chat.BodyCipher;
import io.parley.chat.ChatLimits;
import io.parley.chat.ChatUser;
import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import io.parley.common.TimeSource;
import io.parley.common.Ulid;
import io.parley.ports.data.Database;
import io.parley.ports.objects.ObjectStore;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Pictures that users uploaded, sealed, within a bound for each user. Thread-safe; blocks. */
public final class Images {
  private final Database database;
  private final ObjectStore objects;
  private final BodyCipher cipher;
  private final Ulid ids;
  private final TimeSource time;
  private final ChatLimits limits;

  public Images(
      Database database,
      ObjectStore objects,
      BodyCipher cipher,
      Ulid ids,
      TimeSource time,
      ChatLimits limits) {
    this.database = database;
    this.objects = objects;
    this.cipher = cipher;
    this.ids = ids;
    this.time = time;
    this.limits = limits;
  }

  /**
   * Keeps a picture.
   *
   * @throws ParleyException INVALID_REQUEST if the bytes are not what they are said to be,
   *     REQUEST_TOO_LARGE, or RATE_LIMIT if the user's room is full
   */
  public Block.Image add(ChatUser owner, String mediaType, byte[] bytes) {
    if (bytes.length > limits.maxImageBytes()) {
      throw new ParleyException(
          ErrorCode.REQUEST_TOO_LARGE,
          "body: an image has at most %d bytes, and this one %d"
              .formatted(limits.maxImageBytes(), bytes.length));
    }
    ImageHead head = ImageHead.read(mediaType, bytes, limits.maxImagePixels());
    String id = "img_" + ids.next();
    // The row first: what has no row is reached by nobody, and would never be removed.
    database.write(handle -> insert(handle, owner, id, mediaType, bytes.length, head));
    objects.put(key(owner.userId(), id), cipher.seal(owner.userId(), place(id), bytes));
    return new Block.Image(id, mediaType, head.width(), head.height());
  }

  private int insert(
      Handle handle, ChatUser owner, String id, String mediaType, int bytes, ImageHead head) {
    long used =
        handle
            .createQuery("SELECT coalesce(sum(bytes), 0) FROM chat_images WHERE user_id = :user")
            .bind("user", owner.userId())
            .mapTo(Long.class)
            .one();
    if (used + bytes > limits.maxImageBytesOfUser()) {
      throw new ParleyException(
          ErrorCode.RATE_LIMIT,
          "body: your images have %d bytes, and may have %d together"
              .formatted(used, limits.maxImageBytesOfUser()));
    }
    return handle.execute(
        "INSERT INTO chat_images (id, user_id, media_type, bytes, width, height, created_at_ms,"
            + " uses_known) VALUES (?, ?, ?, ?, ?, ?, ?, 1)",
        id,
        owner.userId(),
        mediaType,
        bytes,
        head.width(),
        head.height(),
        time.now().toEpochMilli());
  }

  /** What is known of a picture of this user's. */
  public Optional<Block.Image> find(String userId, String id) {
    return database.read(
        handle ->
            handle
                .createQuery(
                    "SELECT media_type, width, height FROM chat_images"
                        + " WHERE id = :id AND user_id = :user AND removing = 0")
                .bind("id", id)
                .bind("user", userId)
                .map(
                    (row, context) ->
                        new Block.Image(
                            id,
                            row.getString("media_type"),
                            row.getInt("width"),
                            row.getInt("height")))
                .findOne());
  }

  /** The picture itself. */
  public Optional<byte[]> bytes(String userId, String id) {
    return objects.get(key(userId, id)).map(kept -> cipher.open(userId, place(id), kept));
  }

  /** Removes all pictures of a user. */
  public void removeAll(String userId) {
    remove(userId, "SELECT id FROM chat_images WHERE user_id = :user");
  }

  /** Removes those that no conversation of a user's shows any more. */
  public void removeReleased(String userId) {
    remove(userId, "SELECT id FROM chat_images WHERE user_id = :user AND removing = 1");
  }

  /** The bytes first: as long as there is a row somebody knows that there may be bytes. */
  private void remove(String userId, String select) {
    List<String> ids =
        database.read(
            handle -> handle.createQuery(select).bind("user", userId).mapTo(String.class).list());
    for (String id : ids) {
      objects.remove(key(userId, id));
      database.write(handle -> handle.execute("DELETE FROM chat_images WHERE id = ?", id));
    }
  }

  private static String key(String userId, String id) {
    return "images/" + userId + "/" + id;
  }

  private static String place(String id) {
    return "image/" + id;
  }
}
