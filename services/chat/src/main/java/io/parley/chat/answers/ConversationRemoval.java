package io.parley.chat.answers;

import io.parley.chat.conversations.Conversation;
import io.parley.chat.conversations.StaleVersionException;
import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;

/** Removes conversations for the server's own reasons. Thread-safe; blocks. */
public final class ConversationRemoval {
  private final Answers answers;

  public ConversationRemoval(Answers answers) {
    this.answers = answers;
  }

  /**
   * Removes a conversation as it was seen.
   *
   * @return false if it has changed since, and is left
   */
  public boolean remove(Conversation seen) {
    try {
      answers.delete(seen.owner(), seen.id(), seen.version());
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
}
