package io.parley.gateway.http;

import io.parley.common.ParleyException;
import io.parley.gateway.Principal;
import io.parley.gateway.idempotency.IdempotencyKey;
import io.parley.gateway.resume.EventId;
import io.vertx.core.MultiMap;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a client says of earlier requests and answers; not checked yet.
 *
 * @param keyHeader the header that the key came in
 * @param key null for none
 * @param lastEventId null for none
 */
record RepeatHeaders(String keyHeader, @Nullable String key, @Nullable String lastEventId) {
  private static final String KEY = "idempotency-key";

  /** Proxies make one for each request and send it again when they try again; so do clients. */
  private static final String SECOND_CHOICE = "x-request-id";

  static RepeatHeaders of(MultiMap headers) {
    String lastEventId = headers.get(EventId.HEADER);
    String key = headers.get(KEY);
    return key != null
        ? new RepeatHeaders(KEY, key, lastEventId)
        : new RepeatHeaders(SECOND_CHOICE, headers.get(SECOND_CHOICE), lastEventId);
  }

  /**
   * The idempotency key, if there is one.
   *
   * @param supported whether this server can keep answers; without that the header that is for
   *     nothing else is refused, and the other one ignored
   * @throws ParleyException INVALID_REQUEST that names the header
   */
  Optional<IdempotencyKey> key(Principal principal, boolean supported) {
    if (key == null) {
      return Optional.empty();
    }
    if (supported) {
      return Optional.of(IdempotencyKey.of(principal, keyHeader, key));
    }
    if (keyHeader.equals(KEY)) {
      throw ParleyException.invalid(KEY + ": not supported by this server, which keeps no answers");
    }
    return Optional.empty();
  }

  /**
   * The position to read on from, if the client names one.
   *
   * @throws ParleyException INVALID_REQUEST that names the header
   */
  Optional<EventId> position() {
    return Optional.ofNullable(lastEventId).map(EventId::parse);
  }
}
