package io.parley.chat.conversations;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A message, as users see it and as it is stored.
 *
 * @param id {@code cmsg_} and a ULID, greater than those of all earlier messages of the
 *     conversation
 * @param parentId the message that it answers or follows; null for the first of a branch
 * @param model the model that wrote it, null for a user's
 * @param stopReason as the Messages API names it; null as long as there is none
 * @param error what ended it, for {@link Status#FAILED} and {@link Status#PARTIAL}
 * @param usage what the answer took, of all its parts; null if that is not known
 * @param contextCut whether the model was given the latest part of the branch only, since the whole
 *     did not fit its context
 */
public record Message(
    String id,
    String conversationId,
    @Nullable String parentId,
    Role role,
    List<Block> content,
    @Nullable String model,
    Status status,
    @Nullable String stopReason,
    @Nullable Failure error,
    @Nullable TokenUsage usage,
    Instant createdAt,
    @Nullable String clientId,
    boolean contextCut) {

  public Message {
    content = List.copyOf(content);
  }

  /** Who speaks. */
  public enum Role {
    @JsonProperty("user")
    USER,
    @JsonProperty("assistant")
    ASSISTANT
  }

  /** How far it is. */
  public enum Status {
    /** It is whole. */
    @JsonProperty("complete")
    COMPLETE,
    /** It is being written. */
    @JsonProperty("streaming")
    STREAMING,
    /** Something broke midway; what was written is here. */
    @JsonProperty("partial")
    PARTIAL,
    /** Its user stopped it; what was written is here. */
    @JsonProperty("stopped")
    STOPPED,
    /** Nothing was written. */
    @JsonProperty("failed")
    FAILED
  }

  /**
   * What ended a message.
   *
   * @param type as errors of the Messages API are named
   */
  public record Failure(String type, String message) {}

  /** The same answer at another stage. */
  public Message with(Status newStatus, String text, @Nullable Failure failure) {
    List<Block> blocks = text.isEmpty() ? List.of() : List.of(new Block.Text(text));
    return new Message(
        id,
        conversationId,
        parentId,
        role,
        blocks,
        model,
        newStatus,
        stopReason,
        failure,
        usage,
        createdAt,
        clientId,
        contextCut);
  }

  /** The same answer, which has taken this. */
  public Message having(@Nullable TokenUsage newUsage) {
    return new Message(
        id,
        conversationId,
        parentId,
        role,
        content,
        model,
        status,
        stopReason,
        error,
        newUsage,
        createdAt,
        clientId,
        contextCut);
  }

  /** All its text. */
  public String text() {
    StringBuilder text = new StringBuilder();
    for (Block block : content) {
      if (block instanceof Block.Text(String part)) {
        text.append(text.isEmpty() ? "" : "\n\n").append(part);
      }
    }
    return text.toString();
  }

  /** Whether more of it may be written by going on. */
  public boolean canContinue() {
    return role == Role.ASSISTANT && (status == Status.PARTIAL || status == Status.STOPPED);
  }
}
