package io.parley.gateway.http;

import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;

/**
 * An error as clients see it. The one place where errors meet HTTP.
 *
 * @param status the HTTP status, unless the answer has begun already
 */
record ErrorReply(int status, ErrorCode code, String message) {
  static ErrorReply of(ParleyException e) {
    return of(e.code(), String.valueOf(e.getMessage()));
  }

  static ErrorReply of(ErrorCode code, String message) {
    return new ErrorReply(status(code), code, message);
  }

  /** The client is slow, not the server: clients may send the request again. */
  static ErrorReply slowSender(long limitMs) {
    String message = "The request was not complete after " + limitMs + " ms";
    return new ErrorReply(408, ErrorCode.TIMEOUT, message);
  }

  static ErrorReply unknownPath(String path) {
    return of(ErrorCode.NOT_FOUND, "No such path: " + path);
  }

  static ErrorReply wrongMethod(String method, String path, String allowed) {
    String message = method + " is not allowed on " + path + ", but " + allowed;
    return new ErrorReply(405, ErrorCode.INVALID_REQUEST, message);
  }

  static ErrorReply shuttingDown() {
    return of(ErrorCode.OVERLOADED, "The server is shutting down");
  }

  /** Whether it makes sense to name a time after which to try again. */
  boolean retryLater() {
    return code == ErrorCode.OVERLOADED || code == ErrorCode.RATE_LIMIT;
  }

  byte[] json(String requestId) {
    return Json.bytes(
        json -> {
          json.writeStartObject();
          json.writeStringField("type", "error");
          json.writeObjectFieldStart("error");
          json.writeStringField("type", code.wireName());
          json.writeStringField("message", message);
          json.writeEndObject();
          json.writeStringField("request_id", requestId);
          json.writeEndObject();
        });
  }

  private static int status(ErrorCode code) {
    return switch (code) {
      case INVALID_REQUEST -> 400;
      case AUTHENTICATION -> 401;
      case PERMISSION -> 403;
      case NOT_FOUND -> 404;
      case CONFLICT -> 409;
      case REQUEST_TOO_LARGE -> 413;
      case RATE_LIMIT -> 429;
      case API -> 500;
      case TIMEOUT -> 504;
      case OVERLOADED -> 529;
    };
  }
}
