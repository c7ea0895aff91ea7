package io.parley.chat.http;

import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/**
 * A reply that is written while it is made, a part at a time. Each part waits until the connection
 * has taken it, so that a slow reader makes the writer slow and not the memory full. If it is
 * closed before it is complete, the client sees that it was broken off. Belongs to the endpoint's
 * thread.
 */
final class StreamedReply implements AutoCloseable {
  /** How long a reader may take for a part; then the reply is broken off. */
  private static final long PART_TIMEOUT_S = 60;

  /** Parts are gathered up to so many characters. */
  private static final int PART_CHARS = 32 << 10;

  private final ChatCall call;
  private final StringBuilder gathered = new StringBuilder();
  private boolean complete;

  StreamedReply(ChatCall call, String contentType, Map<String, String> headers) {
    this.call = call;
    call.onLoop(
        () -> {
          HttpServerResponse response = call.response();
          headers.forEach(response::putHeader);
          response.putHeader("content-type", contentType).setChunked(true);
        });
  }

  void write(String text) {
    gathered.append(text);
    if (gathered.length() >= PART_CHARS) {
      flush();
    }
  }

  private void flush() {
    Buffer part = Buffer.buffer(gathered.toString().getBytes(StandardCharsets.UTF_8));
    gathered.setLength(0);
    await(response -> response.write(part));
  }

  /** Ends the reply as it should be. */
  void complete() {
    if (!gathered.isEmpty()) {
      flush();
    }
    await(HttpServerResponse::end);
    complete = true;
  }

  private void await(Function<HttpServerResponse, Future<Void>> step) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    call.onLoop(
        () ->
            step.apply(call.response())
                .onSuccess(done::complete)
                .onFailure(done::completeExceptionally));
    try {
      done.get(PART_TIMEOUT_S, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw brokenOff(e);
    } catch (ExecutionException | TimeoutException e) {
      throw brokenOff(e);
    }
  }

  private static ParleyException brokenOff(Exception e) {
    return new ParleyException(ErrorCode.TIMEOUT, "the reader went away, or is too slow", e);
  }

  @Override
  public void close() {
    if (!complete) {
      call.onLoop(
          () -> {
            if (!call.response().ended()) {
              call.response().reset();
            }
          });
    }
  }
}
