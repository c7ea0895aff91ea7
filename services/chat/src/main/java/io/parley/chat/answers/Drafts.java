package io.parley.chat.answers;

import io.parley.chat.conversations.Message;
import io.parley.chat.conversations.OpenAnswer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Answers before they have an end. */
final class Drafts {
  private Drafts() {}

  /**
   * An answer of which nothing is written, or that goes on.
   *
   * @param stored what is stored of one that goes on
   */
  static Message of(OpenAnswer answer, @Nullable Message stored) {
    return new Message(
        answer.id(),
        answer.conversationId(),
        answer.parentId(),
        Message.Role.ASSISTANT,
        stored == null ? List.of() : stored.content(),
        answer.model(),
        Message.Status.STREAMING,
        null,
        null,
        stored == null ? null : stored.usage(),
        stored == null ? answer.startedAt() : stored.createdAt(),
        stored == null ? answer.clientId() : stored.clientId(),
        stored != null && stored.contextCut());
  }
}
