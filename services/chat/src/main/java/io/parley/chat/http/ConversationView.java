package io.parley.chat.http;

import io.parley.chat.conversations.Conversation;
import io.parley.chat.conversations.TokenUsage;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A conversation as clients see it. */
record ConversationView(
    String id,
    @Nullable String title,
    String titleBy,
    @Nullable String model,
    @Nullable String system,
    boolean archived,
    boolean flagged,
    Instant createdAt,
    Instant lastActivityAt,
    long version,
    @Nullable String headId,
    @Nullable String readId,
    @Nullable String answeringId,
    TokenUsage usage,
    @Nullable String shareId) {

  static ConversationView of(Conversation conversation) {
    return new ConversationView(
        conversation.id(),
        conversation.title(),
        conversation.titleBy().wireName(),
        conversation.model(),
        conversation.system(),
        conversation.archived(),
        conversation.flagged(),
        conversation.createdAt(),
        conversation.lastActivityAt(),
        conversation.version(),
        conversation.headId(),
        conversation.readId(),
        conversation.answeringId(),
        conversation.usage(),
        conversation.shareId());
  }
}
