package io.parley.gateway.messages;

import io.parley.ports.model.Sampling;
import java.util.List;
import java.util.Optional;

/**
 * A valid request for an answer.
 *
 * @param model the name that the client used
 * @param maxTokens at least 1; a number too large for an int has become the largest one
 * @param endUser the client's own user, as {@code metadata.user_id} names it
 * @param notices what was accepted and is not used
 */
record MessagesRequest(
    String model,
    Conversation conversation,
    int maxTokens,
    Sampling sampling,
    List<String> stopSequences,
    boolean stream,
    Optional<String> endUser,
    List<Notice> notices) {
  MessagesRequest {
    stopSequences = List.copyOf(stopSequences);
    notices = List.copyOf(notices);
  }
}
