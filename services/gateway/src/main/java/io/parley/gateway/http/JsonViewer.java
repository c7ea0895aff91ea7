package io.parley.gateway.http;

import io.parley.gateway.resume.EventLog;

/** Waits for a recording to end, and gets it as one response. */
final class JsonViewer extends Viewer {
  private final EventLog.Cursor cursor;

  JsonViewer(Recording recording, Exchange exchange, EventLoop loop) {
    super(recording, exchange, loop);
    this.cursor = recording.events().open(0);
  }

  @Override
  void leave() {
    cursor.close();
    super.leave();
  }

  @Override
  void pump() {
    if (!recording.events().isEnded()) {
      return;
    }
    ErrorReply failure = recording.failure();
    if (failure != null) {
      refuse(failure);
    } else {
      exchange.queued(Math.max(0, recording.queueMs()));
      exchange.notice(recording.notice());
      exchange.reply(200, cursor.read(Integer.MAX_VALUE));
    }
  }

  @Override
  void ping() {}
}
