package io.parley.gateway.http;

import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;

/**
 * An error as clients of the gateway see it.
 *
 * @param status the HTTP status, unless the answer has begun already
 * @param retryAfterMs when to try again, in milliseconds; 0 if that makes no sense
 */
record ErrorReply(int status, ErrorCode code, String message, long retryAfterMs) {
  private static final long DEFAULT_RETRY_MS = 1_000;

  static ErrorReply of(ParleyException e) {
    return of(e.code(), String.valueOf(e.getMessage()), e.retryAfterMs());
  }

  static ErrorReply of(ErrorCode code, String message) {
    return of(code, message, ParleyException.NO_RETRY);
  }

  /** An error after which to try again, if its kind is one that passes. */
  static ErrorReply of(ErrorCode code, String message, long retryAfterMs) {
    boolean passes = code == ErrorCode.OVERLOADED || code == ErrorCode.RATE_LIMIT;
    long known = retryAfterMs == ParleyException.NO_RETRY ? DEFAULT_RETRY_MS : retryAfterMs;
    return new ErrorReply(code.httpStatus(), code, message, passes ? known : 0);
  }

  /** The client is slow, not the server: clients may send the request again. */
  static ErrorReply slowSender(long limitMs) {
    String message = "The request was not complete after " + limitMs + " ms";
    return new ErrorReply(408, ErrorCode.TIMEOUT, message, 0);
  }

  static ErrorReply unknownPath(String path) {
    return of(ErrorCode.NOT_FOUND, "No such path: " + path);
  }

  static ErrorReply wrongMethod(String method, String path, String allowed) {
    String message = method + " is not allowed on " + path + ", but " + allowed;
    return new ErrorReply(405, ErrorCode.INVALID_REQUEST, message, 0);
  }

  static ErrorReply shuttingDown() {
    return of(ErrorCode.OVERLOADED, "The server is shutting down");
  }

  /** Whether clients are to be told not to try again by themselves. */
  boolean neverRetry() {
    return code == ErrorCode.BILLING;
  }

  /** Whether it makes sense to name a time after which to try again. */
  boolean retryLater() {
    return retryAfterMs > 0;
  }

  /** The same in whole seconds, rounded up, as HTTP has it. */
  long retryAfterSeconds() {
    return Math.ceilDiv(retryAfterMs, 1_000L);
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
}
