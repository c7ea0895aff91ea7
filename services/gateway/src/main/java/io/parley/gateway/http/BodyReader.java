package io.parley.gateway.http;

import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Reads one body within the limits: it never holds more than a body may have, takes from the common
 * budget as bytes come in rather than when a length is promised, and stops reading at the first
 * breach. Belongs to the exchange's loop; {@link #release} may be called from another thread once
 * the body is complete.
 */
final class BodyReader {
  private final HttpServerRequest request;
  private final int maxBytes;
  private final BodyBudget budget;
  private final CompletableFuture<byte[]> body;
  private final List<byte[]> pieces = new ArrayList<>();
  private int size;

  BodyReader(
      HttpServerRequest request, int maxBytes, BodyBudget budget, CompletableFuture<byte[]> body) {
    this.request = request;
    this.maxBytes = maxBytes;
    this.budget = budget;
    this.body = body;
  }

  void start() {
    String encoding = request.getHeader("content-encoding");
    if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
      fail(ParleyException.invalid("content-encoding: must be absent, got " + encoding));
      return;
    }
    if (ContentLength.of(request) > maxBytes) {
      tooLarge();
      return;
    }
    if ("100-continue".equalsIgnoreCase(request.getHeader("expect"))) {
      request.response().writeContinue();
    }
    request.handler(this::take);
    request.endHandler(end -> complete());
    request.resume();
  }

  boolean isDone() {
    return body.isDone();
  }

  /** Stops reading; whoever waits for the body gets this. */
  void fail(ParleyException why) {
    if (body.completeExceptionally(why)) {
      pieces.clear();
    }
  }

  /** Gives the memory back to the budget, once the body is no longer needed. */
  void release() {
    budget.giveBack(size);
    size = 0;
  }

  private void take(Buffer piece) {
    if (body.isDone()) {
      return;
    }
    if (size + (long) piece.length() > maxBytes) {
      tooLarge();
    } else if (!budget.tryTake(piece.length())) {
      fail(new ParleyException(ErrorCode.OVERLOADED, "Too many large requests at once"));
    } else {
      size += piece.length();
      pieces.add(piece.getBytes());
    }
  }

  private void tooLarge() {
    fail(
        new ParleyException(
            ErrorCode.REQUEST_TOO_LARGE, "The body is larger than " + maxBytes + " bytes"));
  }

  private void complete() {
    if (!body.isDone()) {
      body.complete(whole());
    }
  }

  private byte[] whole() {
    byte[] whole = new byte[size];
    int at = 0;
    for (byte[] piece : pieces) {
      System.arraycopy(piece, 0, whole, at, piece.length);
      at += piece.length;
    }
    pieces.clear();
    return whole;
  }
}
