package io.parley.gateway.http;

import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import io.parley.gateway.Principal;
import io.parley.gateway.Scope;
import io.parley.gateway.idempotency.StoredAnswer;
import io.parley.gateway.messages.Authentication;
import io.parley.gateway.resume.EventId;
import java.util.Optional;

/**
 * {@code GET /v1/messages/{message_id}/events}: a stream from where its client lost it.
 * Thread-safe; blocks.
 */
final class EventsEndpoint {
  private static final int MESSAGE_ID_SEGMENT = 3;

  private final Authentication authentication;
  private final Edge edge;

  EventsEndpoint(Authentication authentication, Edge edge) {
    this.authentication = authentication;
    this.edge = edge;
  }

  /** Everything after the event that the client names, or everything. */
  void read(HttpCall call) {
    Principal principal = authentication.principal(call.head(), Scope.MESSAGES);
    String messageId = call.path().split("/", -1)[MESSAGE_ID_SEGMENT];
    Optional<EventId> position = call.position();
    if (position.isPresent() && !position.get().messageId().equals(messageId)) {
      throw ParleyException.invalid(
          EventId.HEADER + ": must be the id of an event of the message that the path names");
    }
    Recording recording =
        edge.recordings().stream(messageId, principal)
            .or(() -> stored(call, principal, messageId))
            .orElseThrow(EventsEndpoint::missing);
    call.view(recording, position.map(EventId::number).orElse(0));
  }

  private Optional<Recording> stored(HttpCall call, Principal principal, String messageId) {
    return edge.parts()
        .claims()
        .flatMap(claims -> claims.find(principal, messageId))
        .filter(StoredAnswer::stream)
        .map(answer -> call.replay(answer, principal));
  }

  /** What never was, what is gone and what belongs to another: nobody can tell which. */
  private static ParleyException missing() {
    return new ParleyException(
        ErrorCode.NOT_FOUND, "message_id: there is no stream of this message, or it is gone");
  }
}
