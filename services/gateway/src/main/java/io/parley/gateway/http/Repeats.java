package io.parley.gateway.http;

import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import io.parley.gateway.Principal;
import io.parley.gateway.idempotency.BodyHash;
import io.parley.gateway.idempotency.Claims;
import io.parley.gateway.idempotency.IdempotencyKey;
import io.parley.gateway.idempotency.Standing;
import io.parley.gateway.resume.EventId;
import java.util.Optional;

/**
 * Finds out whether a request repeats an earlier one, and what it is to read then. Blocks; belongs
 * to the thread that works on the call.
 */
final class Repeats {
  private final Edge edge;
  private final HttpCall call;

  Repeats(Edge edge, HttpCall call) {
    this.edge = edge;
    this.call = call;
  }

  /**
   * Has the client read whatever answers its request.
   *
   * @param own to be written if the request is no repeat
   * @return whether it is none, and the call is to answer
   * @throws ParleyException INVALID_REQUEST, NOT_FOUND or CONFLICT if there cannot be what the
   *     client says there is
   */
  boolean admit(RepeatHeaders headers, Recording own, byte[] body) {
    Recording.Origin origin = own.origin();
    Optional<IdempotencyKey> key =
        headers.key(origin.principal(), edge.parts().claims().isPresent());
    Optional<EventId> position = headers.position();
    if (position.isPresent()) {
      resume(position.get(), checked(key, origin), origin.principal(), BodyHash.of(body));
      return false;
    }
    if (key.isPresent()) {
      return take(own, key.get(), BodyHash.of(body));
    }
    edge.recordings().add(own);
    call.view(own, 0);
    return true;
  }

  private static IdempotencyKey checked(Optional<IdempotencyKey> key, Recording.Origin origin) {
    if (!origin.stream()) {
      throw ParleyException.invalid(
          EventId.HEADER + ": must be absent unless stream is true, for only a stream has events");
    }
    return key.orElseThrow(
        () ->
            ParleyException.invalid(
                EventId.HEADER
                    + ": needs the idempotency-key of the first request beside it; without one, GET"
                    + " /v1/messages/{message_id}/events"));
  }

  private boolean take(Recording own, IdempotencyKey key, String hash) {
    // Whoever sees the claim must be able to find the answer.
    edge.recordings().add(own);
    boolean won = false;
    try {
      won = claim(own, key, hash);
    } finally {
      if (!won) {
        edge.recordings().remove(own);
      }
    }
    return won;
  }

  private boolean claim(Recording own, IdempotencyKey key, String hash) {
    do {
      switch (claims().claim(key, hash, own.requestId(), own.messageId())) {
        case Standing.Mine(var claim) -> {
          own.claimed(claim);
          call.view(own, 0);
          return true;
        }
        case Standing.Answered(var answer) -> {
          call.viewAgain(call.replay(answer, own.origin().principal()), 0);
          return false;
        }
        case Standing.Running running -> {
          Optional<Recording> here = edge.recordings().running(running.requestId());
          if (here.isPresent()) {
            call.viewAgain(here.get(), 0);
            return false;
          }
        }
      }
    } while (call.waitsOn());
    return false;
  }

  /** Generates nothing: a position says that there is an answer. */
  private void resume(EventId position, IdempotencyKey key, Principal reader, String hash) {
    Optional<Recording> here =
        edge.recordings().stream(position.messageId(), reader)
            .filter(found -> found.claim().filter(claim -> claim.isFor(key, hash)).isPresent());
    if (here.isPresent()) {
      call.viewAgain(here.get(), position.number());
      return;
    }
    do {
      Standing standing = claims().look(key, hash).orElseThrow(Repeats::noSuchAnswer);
      switch (standing) {
        case Standing.Answered(var answer) when answer.messageId().equals(position.messageId()) -> {
          call.viewAgain(call.replay(answer, reader), position.number());
          return;
        }
        case Standing.Running running when running.messageId().equals(position.messageId()) -> {
          // Another server writes it; what it wrote can be read when it is whole.
        }
        default -> throw noSuchAnswer();
      }
    } while (call.waitsOn());
  }

  private static ParleyException noSuchAnswer() {
    return new ParleyException(
        ErrorCode.NOT_FOUND,
        EventId.HEADER + ": there is no answer with this event for this key, or it is gone");
  }

  private Claims claims() {
    return edge.parts().claims().orElseThrow();
  }
}
