package io.parley.gateway.http;

import io.parley.gateway.resume.EventId;
import io.parley.gateway.resume.EventLog;
import io.vertx.core.buffer.Buffer;

/**
 * Reads a recording as a stream. What it has not read waits in the recording's log; one that lets
 * too much wait is reset. While there is nothing it gets a {@code ping} now and then, which is in
 * no log and has the id of the event before.
 */
final class StreamViewer extends Viewer {
  /** One write takes at most this much, so that a full connection is noticed. */
  private static final int WRITE_BYTES = 32 << 10;

  private final EventLog.Cursor cursor;
  private final long maxWaitingBytes;
  private boolean begun;

  StreamViewer(
      Recording recording, int after, Exchange exchange, EventLoop loop, int maxUnsentBytes) {
    super(recording, exchange, loop);
    this.cursor = recording.events().open(after);
    // What was there before it came is not what it failed to take.
    this.maxWaitingBytes = cursor.waitingBytes() + maxUnsentBytes;
  }

  @Override
  void leave() {
    cursor.close();
    super.leave();
  }

  @Override
  void pump() {
    ErrorReply failure = recording.failure();
    if (failure != null && !begun && cursor.position() == 0) {
      refuse(failure);
    } else if (cursor.waitingBytes() > maxWaitingBytes) {
      breakOff();
    } else {
      write();
    }
  }

  private void write() {
    while (!exchange.isFull()) {
      byte[] news = cursor.read(WRITE_BYTES);
      boolean end = cursor.isAtEnd();
      if (news.length == 0 && !end) {
        return;
      }
      begin();
      if (end) {
        exchange.endStream(Buffer.buffer(news));
        return;
      }
      exchange.write(Buffer.buffer(news));
    }
  }

  @Override
  void ping() {
    begin();
    EventId last = new EventId(recording.messageId(), cursor.position());
    exchange.write(Buffer.buffer(SseFormat.ping(last)));
  }

  private void begin() {
    if (!begun) {
      begun = true;
      if (recording.queueMs() >= 0) {
        exchange.queued(recording.queueMs());
      }
      exchange.notice(recording.notice());
      exchange.beginStream();
    }
  }
}
