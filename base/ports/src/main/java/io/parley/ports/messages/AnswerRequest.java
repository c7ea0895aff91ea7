package io.parley.ports.messages;

import java.util.Optional;

/**
 * A request for an answer.
 *
 * @param organisationId who pays, and whose limits and policies hold
 * @param workspaceId the part of the organisation; empty for the organisation itself
 * @param endUser who is behind it, as the accounts name him; takes the place of {@code
 *     metadata.user_id}
 * @param urgency whether somebody waits for the answer
 * @param body a JSON object as of {@code POST /v1/messages}, in UTF-8; must not be modified
 *     afterwards
 */
@SuppressWarnings("ArrayRecordComponent") // it is handed on, never compared
public record AnswerRequest(
    String organisationId,
    Optional<String> workspaceId,
    String endUser,
    Urgency urgency,
    byte[] body) {

  /** How it is served and priced. */
  public enum Urgency {
    /** Somebody waits: the standard service tier. */
    INTERACTIVE,
    /** Nobody waits: the service tier of batches, at its price. */
    BACKGROUND
  }
}
