package io.parley.chat.sharing;

import io.parley.chat.conversations.Message;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a link shows.
 *
 * @param title as it is now, null for none
 * @param createdAt when it was shared
 * @param messages of the branch that was shown then, oldest first
 */
public record SharedConversation(
    @Nullable String title, Instant createdAt, List<Message> messages) {
  public SharedConversation {
    messages = List.copyOf(messages);
  }
}
