package io.parley.chat.conversations;

import io.parley.chat.ChatLimits;
import io.parley.chat.ChatUser;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A conversation without its messages.
 *
 * @param id {@code conv_} and a ULID
 * @param owner whose it is
 * @param model the name that its user chose, null for the server's default
 * @param version counts what users wrote; see {@link ConversationStore}
 * @param messages that were begun in it, in all branches
 * @param lastId the greatest id among them, null for none
 * @param headId the tip of the branch that is shown
 * @param readId the last message that its user has seen
 * @param answeringId the newest answer that is being written
 * @param usage of all its answers
 * @param shareId under which it can be read by others
 */
public record Conversation(
    String id,
    ChatUser owner,
    @Nullable String title,
    TitleBy titleBy,
    @Nullable String model,
    @Nullable String system,
    boolean archived,
    boolean flagged,
    Instant createdAt,
    Instant lastActivityAt,
    long version,
    int messages,
    @Nullable String lastId,
    @Nullable String headId,
    @Nullable String readId,
    @Nullable String answeringId,
    TokenUsage usage,
    @Nullable String shareId) {

  /** How many buckets its messages are in. */
  public int buckets() {
    return Math.ceilDiv(messages, ChatLimits.BUCKET_MESSAGES);
  }

  /** The same with other texts. */
  Conversation withTexts(@Nullable String newTitle, @Nullable String newSystem) {
    return new Conversation(
        id,
        owner,
        newTitle,
        titleBy,
        model,
        newSystem,
        archived,
        flagged,
        createdAt,
        lastActivityAt,
        version,
        messages,
        lastId,
        headId,
        readId,
        answeringId,
        usage,
        shareId);
  }
}
