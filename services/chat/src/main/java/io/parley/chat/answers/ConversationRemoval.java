package io.parley.chat.answers;

import io.parley.chat.conversations.Conversation;
import io.parley.chat.conversations.StaleVersionException;
import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;

/** Removes conversations for the server's own reasons. Thread-safe; blocks. */
public final class ConversationRemoval {
  private final Deletions deletions;

  public ConversationRemoval(Deletions deletions) {
    this.deletions = deletions;
  }

  /**
   * Removes a conversation as it was seen.
   *
   * @return false if it has changed since, and is left
   */
  public boolean remove(Conversation seen) {
    try {
      deletions.delete(seen.owner(), seen.id(), seen.version());
      return true;
    } catch (StaleVersionException e) {
      return false;
    } catch (ParleyException e) {
      if (e.code() == ErrorCode.NOT_FOUND) {
        return true; // its user was faster
      }
      throw e;
    }
  }

  /** Whether nothing is left anywhere of the conversations of a user that were removed. */
  public boolean isDone(String userId) {
    return deletions.isDone(userId);
  }
}
