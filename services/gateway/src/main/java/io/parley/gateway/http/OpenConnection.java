package io.parley.gateway.http;

/** What is under way on one connection. Belongs to its event loop. */
final class OpenConnection {
  private int requests;
  private long idleSinceNanos;

  OpenConnection(long nowNanos) {
    idleSinceNanos = nowNanos;
  }

  void requestBegun() {
    requests++;
  }

  void requestFinished(long nowNanos) {
    requests--;
    idleSinceNanos = nowNanos;
  }

  /** Bytes that do not amount to a request do not count: a head may be sent letter by letter. */
  boolean isIdle(long nowNanos, long limitNanos) {
    return requests == 0 && nowNanos - idleSinceNanos > limitNanos;
  }
}
