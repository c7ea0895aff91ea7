package io.parley.training.corpus;

import java.util.List;

/**
 * A training example: user and assistant in turn, the user first, the assistant last.
 *
 * @param category which {@link ConversationSource} made it
 */
public record Conversation(String category, List<Message> messages) {
  public Conversation {
    messages = List.copyOf(messages);
  }
}
