package io.parley.chat.conversations;

/**
 * Removes conversations for the server's own reasons. First the messages, then what leads to them:
 * if the process dies in between, the conversation is still listed and is removed the next time.
 * Thread-safe; blocks.
 */
public final class ConversationRemoval {
  private final ConversationStore conversations;
  private final MessageLog messages;

  public ConversationRemoval(ConversationStore conversations, MessageLog messages) {
    this.conversations = conversations;
    this.messages = messages;
  }

  /**
   * Removes a conversation as it was seen.
   *
   * @return false if it has changed since; it is then left, or left without its messages
   */
  public boolean remove(Conversation seen) {
    messages.remove(seen);
    try {
      conversations.delete(seen.owner(), seen.id(), seen.version());
      return true;
    } catch (StaleVersionException e) {
      return false;
    }
  }
}
