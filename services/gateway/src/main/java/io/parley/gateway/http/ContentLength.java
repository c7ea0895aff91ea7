package io.parley.gateway.http;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;

/** What the head of a request says of the length of its body. */
final class ContentLength {
  /** The body ends when it ends. */
  static final long UNKNOWN = Long.MAX_VALUE - 1;

  private ContentLength() {}

  /** Bytes as promised; 0 for no body; {@link #UNKNOWN} if the body is chunked. */
  static long declared(HttpServerRequest request) {
    String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    if (length != null) {
      return parse(length);
    }
    boolean body =
        request.version() == HttpVersion.HTTP_2
            ? !request.isEnded()
            : request.getHeader(HttpHeaders.TRANSFER_ENCODING) != null;
    return body ? UNKNOWN : 0;
  }

  /** Bytes as promised, 0 if nothing is promised. */
  static long of(HttpServerRequest request) {
    long declared = declared(request);
    return declared == UNKNOWN ? 0 : declared;
  }

  /** A length of more digits than a long has is too large in any case. */
  private static long parse(String length) {
    try {
      return Long.parseLong(length.strip());
    } catch (NumberFormatException e) {
      return Long.MAX_VALUE;
    }
  }
}
