package io.parley.chat.http;

import io.parley.common.ErrorCode;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Errors as clients of chat see them, in the shape of the Messages API. Called on event loops. */
final class Replies {
  private static final Logger log = LoggerFactory.getLogger(Replies.class);
  private static final long DEFAULT_RETRY_MS = 1_000;

  private Replies() {}

  static String requestId(RoutingContext routing) {
    return Objects.requireNonNullElse(routing.response().headers().get("request-id"), "");
  }

  /** Replies unless there was a reply already. */
  static void error(RoutingContext routing, ErrorCode code, String message, long retryAfterMs) {
    HttpServerResponse response = routing.response();
    if (code == ErrorCode.OVERLOADED || code == ErrorCode.RATE_LIMIT) {
      long retryMs = retryAfterMs > 0 ? retryAfterMs : DEFAULT_RETRY_MS;
      if (!response.headWritten()) {
        response.putHeader("retry-after-ms", Long.toString(retryMs));
        response.putHeader("retry-after", Long.toString(Math.ceilDiv(retryMs, 1_000L)));
      }
    }
    error(routing, code.httpStatus(), code, message);
  }

  /** What the router itself refuses: an unknown path, a wrong method, too large a body. */
  static void failure(RoutingContext routing) {
    switch (routing.statusCode()) {
      case 404 ->
          error(routing, 404, ErrorCode.NOT_FOUND, "No such path: " + routing.normalizedPath());
      case 405 ->
          error(
              routing,
              405,
              ErrorCode.INVALID_REQUEST,
              routing.request().method() + " is not allowed on " + routing.normalizedPath());
      case 413 ->
          error(
              routing,
              413,
              ErrorCode.REQUEST_TOO_LARGE,
              "body: has at most " + ChatHttp.MAX_BODY_BYTES + " bytes");
      case 400 -> error(routing, 400, ErrorCode.INVALID_REQUEST, "The request is malformed");
      default -> {
        log.error("request {} failed", requestId(routing), routing.failure());
        error(routing, 500, ErrorCode.API, "Internal error");
      }
    }
  }

  private static void error(RoutingContext routing, int status, ErrorCode code, String message) {
    HttpServerResponse response = routing.response();
    if (response.ended() || response.closed()) {
      return;
    }
    if (response.headWritten()) {
      response.end();
      return;
    }
    response.setStatusCode(status).putHeader("content-type", "application/json");
    response.end(Buffer.buffer(ChatJson.bytes(body(code, message, requestId(routing)))));
  }

  private static Map<String, Object> body(ErrorCode code, String message, String requestId) {
    return Map.of(
        "type",
        "error",
        "error",
        Map.of("type", code.wireName(), "message", message),
        "request_id",
        requestId);
  }
}
