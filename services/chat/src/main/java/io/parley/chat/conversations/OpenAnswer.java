package io.parley.chat.conversations;

import io.parley.chat.ChatUser;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An answer that is being written, and all that is needed to finish it.
 *
 * @param bucket where it will be stored
 * @param parentId the message that it answers
 * @param model the model that was asked
 * @param stream the stream with its text
 * @param before what its earlier parts took, if it goes on with a partial one
 * @param question the message that was sent with it, until it is stored; null if there is none
 */
public record OpenAnswer(
    String id,
    String conversationId,
    ChatUser owner,
    int bucket,
    String parentId,
    String clientId,
    String model,
    String stream,
    Instant startedAt,
    TokenUsage before,
    @Nullable Question question) {

  /**
   * A user's message that is in no store yet but its answer's row.
   *
   * @param sealed as the message store will have it
   */
  @SuppressWarnings("ArrayRecordComponent") // it is handed on, never compared
  public record Question(String id, int bucket, byte[] sealed) {}
}
