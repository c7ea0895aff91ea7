package io.parley.gateway.http;

import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import io.parley.gateway.GatewayLimits;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One request and the response to it. It sees to it that there is one response and that the
 * exchange is finished once, whether the response is sent, the client goes away, or a limit ends
 * it. Belongs to its event loop.
 */
final class Exchange {
  private static final String JSON = "application/json";

  /** Nginx's name for a client that went away before it got its answer; only figures show it. */
  private static final int CLIENT_CLOSED = 499;

  /** An unread body up to this length is worth reading to the end to keep the connection. */
  private static final long WORTH_DISCARDING_BYTES = 64 << 10;

  private final HttpServerRequest request;
  private final HttpServerResponse response;
  private final EventLoop loop;
  private final Edge edge;
  private final String route;
  private final String requestId;
  private final long receivedNanos;
  private final CompletableFuture<Void> finished = new CompletableFuture<>();
  private @Nullable BodyReader body;
  private @Nullable Viewer viewer;
  private CallSlot slot = new CallSlot(() -> {});
  private String notice = "";
  private boolean responseEnded;
  private boolean streaming;
  private boolean releaseAtEnd;
  private boolean full;
  private long lastProgressNanos;

  Exchange(HttpServerRequest request, EventLoop loop, Edge edge, String route) {
    this.request = request;
    this.response = request.response();
    this.loop = loop;
    this.edge = edge;
    this.route = route;
    this.requestId = "req_" + edge.parts().ids().next();
    this.receivedNanos = edge.parts().time().nanoTime();
    this.lastProgressNanos = receivedNanos;
    response.putHeader("request-id", requestId);
    request.exceptionHandler(broken -> {});
    response.closeHandler(gone -> finish(CLIENT_CLOSED));
    response.exceptionHandler(broken -> finish(CLIENT_CLOSED));
  }

  HttpServerRequest request() {
    return request;
  }

  String requestId() {
    return requestId;
  }

  long receivedNanos() {
    return receivedNanos;
  }

  /** Nothing more can be written. */
  boolean isOver() {
    return responseEnded || finished.isDone();
  }

  /** The connection takes no more for now. */
  boolean isFull() {
    return !isOver() && streaming && response.writeQueueFull();
  }

  /** Completes when nothing more happens here; for any thread. */
  CompletableFuture<Void> finished() {
    return finished;
  }

  /** Holds a place among the calls under way until it is finished. */
  void hold(CallSlot place) {
    slot = place;
  }

  CallSlot slot() {
    return slot;
  }

  /** Tells the client how long its prompt waited for the model, unless the head is sent already. */
  void queued(long ms) {
    header("parley-queue-ms", Long.toString(ms));
  }

  /** Tells the client something in the head of the response, unless that is sent already. */
  void header(String name, String value) {
    if (!streaming && !isOver()) {
      response.putHeader(name, value);
    }
  }

  void notice(String line) {
    notice = line;
  }

  /** What it gets was not generated for it. */
  void replayed() {
    if (!isOver()) {
      response.putHeader("idempotent-replayed", "true");
    }
  }

  /** Whether the body is short enough to be read before anybody asks for it. */
  boolean isShort() {
    long bytes = ContentLength.declared(request);
    return bytes > 0
        && bytes <= WORTH_DISCARDING_BYTES
        && request.getHeader(HttpHeaders.EXPECT) == null;
  }

  /**
   * Reads the body.
   *
   * @param untilTheEnd whether it stays in the budget until the exchange is finished, and not until
   *     {@link #releaseBody} is called
   */
  void readBody(CompletableFuture<byte[]> whole, boolean untilTheEnd) {
    if (isOver()) {
      whole.completeExceptionally(gone());
      return;
    }
    GatewayLimits.Requests limits = edge.limits().requests();
    releaseAtEnd = untilTheEnd;
    body = new BodyReader(request, limits.maxBodyBytes(), edge.bodyBudget(), whole);
    body.start();
  }

  /** The body is no longer needed. */
  void releaseBody() {
    if (body != null) {
      body.release();
    }
  }

  /** Connects what the response is read from; a client that is gone already leaves it at once. */
  void attach(Viewer reader) {
    viewer = reader;
    if (isOver()) {
      reader.leave();
    }
  }

  void reply(int status, byte[] json) {
    reply(status, JSON, json);
  }

  /** Sends the whole response, unless there is one already. */
  void reply(int status, String contentType, byte[] content) {
    if (!isOver()) {
      head(status, contentType);
      end(Buffer.buffer(content));
    }
  }

  /** Ends it from the server's side, unless it reads an answer, which ends by itself. */
  void abort(ErrorReply reply) {
    if (viewer == null) {
      fail(reply);
    }
  }

  /** Sends an error as the response; what has begun already is cut off. */
  void fail(ErrorReply reply) {
    if (streaming) {
      reset();
    } else if (!isOver()) {
      if (reply.retryLater()) {
        response.putHeader("retry-after", Long.toString(reply.retryAfterSeconds()));
        response.putHeader("retry-after-ms", Long.toString(reply.retryAfterMs()));
      }
      if (reply.neverRetry()) {
        response.putHeader("x-should-retry", "false");
      }
      reply(reply.status(), reply.json(requestId));
    }
  }

  void beginStream() {
    if (isOver()) {
      return;
    }
    streaming = true;
    head(200, "text/event-stream; charset=utf-8");
    response.putHeader(HttpHeaders.CACHE_CONTROL, "no-cache");
    if (!isHttp2()) {
      response.setChunked(true);
    }
    response.drainHandler(drained -> progressed());
  }

  void write(Buffer news) {
    if (!isOver()) {
      response.write(news);
      if (!full) {
        lastProgressNanos = edge.parts().time().nanoTime();
        full = response.writeQueueFull();
      }
    }
  }

  /**
   * Writes a piece of a response whose length is not known.
   *
   * @return completes when the connection has taken it; fails if there is nobody to take it
   */
  Future<Void> writePiece(String contentType, Buffer piece) {
    if (isOver()) {
      return Future.failedFuture(gone());
    }
    if (!streaming) {
      streaming = true;
      head(200, contentType);
      if (!isHttp2()) {
        response.setChunked(true);
      }
      response.drainHandler(drained -> progressed());
    }
    Future<Void> taken = response.write(piece);
    lastProgressNanos = edge.parts().time().nanoTime();
    full = response.writeQueueFull();
    return taken;
  }

  /** Ends such a response, also one without a piece. */
  void endPieces(String contentType) {
    if (streaming) {
      endStream(Buffer.buffer());
    } else {
      reply(200, contentType, new byte[0]);
    }
  }

  void endStream(Buffer news) {
    if (!isOver()) {
      end(news);
    }
  }

  /** Breaks off: the client sees the stream cut, not ended. */
  void reset() {
    if (responseEnded && !isHttp2()) {
      request.connection().close();
    } else {
      response.reset();
    }
    finish(CLIENT_CLOSED);
  }

  /** Called now and then: enforces the time limits and keeps silent streams alive. */
  void sweep(long nowNanos) {
    if (body != null && !body.isDone() && isLate(nowNanos)) {
      long limitMs = edge.limits().requests().readTimeoutMs();
      fail(ErrorReply.slowSender(limitMs));
      body.fail(new ParleyException(ErrorCode.TIMEOUT, "The body did not come in time"));
    } else if ((full || responseEnded) && isStalled(nowNanos)) {
      reset();
    } else if (viewer != null && !isOver() && isSilent(nowNanos)) {
      viewer.ping();
    }
  }

  private boolean isLate(long nowNanos) {
    return since(receivedNanos, nowNanos) > edge.limits().requests().readTimeoutMs();
  }

  private boolean isStalled(long nowNanos) {
    return since(lastProgressNanos, nowNanos) > edge.limits().streams().stalledTimeoutMs();
  }

  private boolean isSilent(long nowNanos) {
    return !full && since(lastProgressNanos, nowNanos) >= edge.limits().streams().pingIntervalMs();
  }

  private static long since(long thenNanos, long nowNanos) {
    return TimeUnit.NANOSECONDS.toMillis(nowNanos - thenNanos);
  }

  private void progressed() {
    full = false;
    lastProgressNanos = edge.parts().time().nanoTime();
    if (viewer != null) {
      viewer.drainSafely();
    }
  }

  private void head(int status, String contentType) {
    response.setStatusCode(status);
    response.putHeader(HttpHeaders.CONTENT_TYPE, contentType);
    if (!notice.isEmpty()) {
      response.putHeader("parley-notice", notice);
    }
    if (closesAfterwards()) {
      response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
    }
  }

  private void end(Buffer last) {
    boolean close = closesAfterwards();
    boolean unread = !bodyRead();
    responseEnded = true;
    lastProgressNanos = edge.parts().time().nanoTime();
    response
        .end(last)
        .onComplete(
            sent -> {
              finish(response.getStatusCode());
              if (close && !unread) {
                request.connection().close();
              }
            });
    if (unread) {
      discardBody(close);
    }
  }

  private boolean closesAfterwards() {
    boolean costly = !bodyRead() && ContentLength.declared(request) > WORTH_DISCARDING_BYTES;
    return !isHttp2() && (costly || edge.isDraining());
  }

  private boolean bodyRead() {
    return request.isEnded() || ContentLength.declared(request) == 0;
  }

  /**
   * Reads on without keeping anything, so that a client that sends first and reads afterwards gets
   * to see the answer instead of a broken connection.
   */
  private void discardBody(boolean close) {
    request.handler(piece -> {});
    if (close) {
      request.endHandler(end -> request.connection().close());
      loop.later(edge.limits().connections().lingerMs(), request.connection()::close);
    } else {
      request.endHandler(end -> {});
    }
    request.resume();
  }

  private void finish(int status) {
    if (!finished.complete(null)) {
      return;
    }
    loop.remove(this);
    if (viewer != null) {
      viewer.leave();
    }
    if (body != null && !body.isDone()) {
      body.fail(gone());
    }
    if (releaseAtEnd) {
      releaseBody();
    }
    slot.leave();
    edge.meters().request(route, status, edge.parts().time().nanoTime() - receivedNanos);
  }

  private boolean isHttp2() {
    return request.version() == HttpVersion.HTTP_2;
  }

  private static ParleyException gone() {
    return new ParleyException(ErrorCode.API, "The client closed the connection");
  }
}
