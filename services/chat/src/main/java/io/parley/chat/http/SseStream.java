package io.parley.chat.http;

import io.parley.common.TimeSource;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A response of server-sent events. When its client reads slowly it is blocked, and whoever writes
 * to it waits until it is told to go on: what is in between costs no memory here. {@link #send},
 * {@link #finish} and the questions may be called from any thread, everything else on the loop.
 */
final class SseStream {
  private final LoopStreams loop;
  private final HttpServerResponse response;
  private final TimeSource time;
  private final Owner owner;
  private final boolean endless;
  private final List<Runnable> closeHandlers = new ArrayList<>(2);
  private Runnable onReady = () -> {};
  private volatile boolean blocked;
  private volatile boolean closed;
  private long blockedSinceNanos;

  SseStream(
      LoopStreams loop,
      HttpServerResponse response,
      TimeSource time,
      Owner owner,
      boolean endless) {
    this.loop = loop;
    this.response = response;
    this.time = time;
    this.owner = owner;
    this.endless = endless;
  }

  /**
   * Whose stream it is.
   *
   * @param session the cookie's value with which it was opened
   */
  record Owner(String userId, String session) {}

  Owner owner() {
    return owner;
  }

  /** Is run on the loop when the stream is over, however that came. Before the stream begins. */
  void whenClosed(Runnable handler) {
    closeHandlers.add(handler);
  }

  /** Is run on the loop when a reader that was slow takes more. Before anything is sent. */
  void whenReady(Runnable handler) {
    loop.run(() -> onReady = handler);
  }

  /** Is run on the loop when the stream is over, or at once if it is. */
  void whenOver(Runnable handler) {
    loop.run(
        () -> {
          if (closed) {
            handler.run();
          } else {
            closeHandlers.add(handler);
          }
        });
  }

  void begin() {
    if (response.closed() || response.ended()) {
      over();
      return;
    }
    response
        .setChunked(true)
        .putHeader("content-type", "text/event-stream; charset=utf-8")
        .putHeader("x-accel-buffering", "no");
    response.writeHead();
  }

  /** Whether nothing more can be sent. */
  boolean isClosed() {
    return closed;
  }

  /** Whether its reader has to catch up first. */
  boolean isBlocked() {
    return blocked;
  }

  boolean isEndless() {
    return endless;
  }

  /** Writes whole events. */
  void send(Buffer events) {
    loop.run(() -> write(events));
  }

  /** Writes the last events, and ends. */
  void finish(Buffer events) {
    loop.run(
        () -> {
          write(events);
          end();
        });
  }

  private void write(Buffer events) {
    if (closed) {
      return;
    }
    response.write(events);
    if (response.writeQueueFull() && !blocked) {
      blocked = true;
      blockedSinceNanos = time.nanoTime();
      response.drainHandler(
          drained -> {
            blocked = false;
            onReady.run();
          });
    }
  }

  /** A sign of life; one who has other things to read needs none. */
  void comment(Buffer comment) {
    if (!blocked) {
      write(comment);
    }
  }

  boolean hasStalled(Duration limit) {
    return blocked && time.nanoTime() - blockedSinceNanos > limit.toNanos();
  }

  void end() {
    if (!closed) {
      response.end();
      over();
    }
  }

  /** Breaks it off: its reader will come back for the rest. */
  void reset() {
    response.reset();
    over();
  }

  /** The response is over, or its client is gone. */
  void over() {
    if (!closed) {
      closed = true;
      closeHandlers.forEach(Runnable::run);
    }
  }
}
