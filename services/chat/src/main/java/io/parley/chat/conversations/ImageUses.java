package io.parley.chat.conversations;

import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import java.util.List;
import org.jdbi.v3.core.Handle;

/**
 * Which conversations show which pictures, so that a picture goes with the last of them. All of it
 * happens in transactions of others.
 */
final class ImageUses {
  private ImageUses() {}

  /**
   * A message with these pictures is sent.
   *
   * @throws ParleyException NOT_FOUND if one is not there any more
   */
  static void add(Handle handle, String userId, String conversationId, List<String> imageIds) {
    for (String imageId : imageIds) {
      requireThere(handle, userId, imageId);
      handle.execute(
          "INSERT INTO chat_image_uses (image_id, conversation_id) VALUES (?, ?)"
              + " ON CONFLICT (image_id, conversation_id) DO NOTHING",
          imageId,
          conversationId);
    }
  }

  private static void requireThere(Handle handle, String userId, String imageId) {
    boolean there =
        handle
                .createQuery(
                    "SELECT count(*) FROM chat_images"
                        + " WHERE id = :id AND user_id = :user AND removing = 0")
                .bind("id", imageId)
                .bind("user", userId)
                .mapTo(Long.class)
                .one()
            > 0;
    if (!there) {
      throw new ParleyException(ErrorCode.NOT_FOUND, "image_id: there is no image " + imageId);
    }
  }

  /** A conversation is deleted: pictures that it alone showed are to be removed. */
  static void release(Handle handle, String conversationId) {
    handle
        .createUpdate(
            "UPDATE chat_images SET removing = 1 WHERE uses_known = 1"
                + " AND id IN (SELECT image_id FROM chat_image_uses"
                + " WHERE conversation_id = :conversation)"
                + " AND NOT EXISTS (SELECT 1 FROM chat_image_uses u"
                + " WHERE u.image_id = chat_images.id AND u.conversation_id <> :conversation)")
        .bind("conversation", conversationId)
        .execute();
    handle.execute("DELETE FROM chat_image_uses WHERE conversation_id = ?", conversationId);
  }
}
