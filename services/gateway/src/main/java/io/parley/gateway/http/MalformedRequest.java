package io.parley.gateway.http;

import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.parley.common.ErrorCode;

/** The answer to bytes that are not a request. */
final class MalformedRequest {
  private MalformedRequest() {}

  static ErrorReply reply(Throwable cause) {
    return switch (cause) {
      case TooLongHttpLineException tooLong ->
          new ErrorReply(414, ErrorCode.INVALID_REQUEST, "The request line is too long", 0);
      case TooLongHttpHeaderException tooLong ->
          new ErrorReply(431, ErrorCode.INVALID_REQUEST, "The headers are too large", 0);
      default -> ErrorReply.of(ErrorCode.INVALID_REQUEST, "This is not an HTTP request");
    };
  }
}
