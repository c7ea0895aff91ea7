package io.parley.chat.search;

import io.parley.chat.answers.AllMessages;
import io.parley.chat.answers.History;
import io.parley.chat.conversations.Conversation;
import io.parley.chat.conversations.ConversationScan;
import io.parley.chat.conversations.ConversationStore;
import io.parley.chat.conversations.Message;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** What is to be found, read from where conversations are stored. Thread-safe; blocks. */
public final class StoredConversations implements SearchSource {
  /** How the Messages API says that a gate ended an answer. */
  private static final String REFUSAL = "refusal";

  private final ConversationStore conversations;
  private final ConversationScan scan;
  private final History history;
  private final AllMessages allMessages;

  public StoredConversations(
      ConversationStore conversations, ConversationScan scan, History history) {
    this.conversations = conversations;
    this.scan = scan;
    this.history = history;
    this.allMessages = new AllMessages(history);
  }

  @Override
  public Optional<Searchable.Title> title(String userId, String conversationId) {
    return conversations.find(userId, conversationId).flatMap(StoredConversations::title);
  }

  @Override
  public Optional<Found> message(String userId, String conversationId, String messageId) {
    return conversations
        .find(userId, conversationId)
        .flatMap(conversation -> history.find(conversation, messageId))
        .map(message -> found(userId, message));
  }

  @Override
  public void all(Consumer<Searchable> each) {
    scan.all(
        conversation -> {
          title(conversation).ifPresent(each);
          searchable(conversation).forEach(each);
        });
  }

  /** A refusal comes after what it refuses, so the whole conversation is looked at first. */
  private List<Searchable.Message> searchable(Conversation conversation) {
    Set<String> refused = new HashSet<>();
    List<Searchable.Message> said = new ArrayList<>();
    allMessages.of(
        conversation,
        message -> {
          Found found = found(conversation.owner().userId(), message);
          found.refused().ifPresent(refused::add);
          found.message().ifPresent(said::add);
        });
    said.removeIf(message -> refused.contains(message.messageId()));
    return said;
  }

  private static Found found(String userId, Message message) {
    boolean gated = REFUSAL.equals(message.stopReason());
    String text = message.text();
    // An answer without a word was refused for what was asked.
    Optional<String> refused =
        gated && text.isEmpty() ? Optional.ofNullable(message.parentId()) : Optional.empty();
    return new Found(gated ? Optional.empty() : searchable(userId, message, text), refused);
  }

  private static Optional<Searchable.Message> searchable(
      String userId, Message message, String text) {
    return text.isEmpty() || message.status() == Message.Status.STREAMING
        ? Optional.empty()
        : Optional.of(
            new Searchable.Message(
                userId,
                message.conversationId(),
                message.id(),
                message.role().name().toLowerCase(Locale.ROOT),
                Optional.ofNullable(message.model()),
                message.createdAt(),
                text));
  }

  private static Optional<Searchable.Title> title(Conversation conversation) {
    return Optional.ofNullable(conversation.title())
        .map(
            text ->
                new Searchable.Title(
                    conversation.owner().userId(),
                    conversation.id(),
                    conversation.lastActivityAt(),
                    text));
  }
}
