package io.parley.gateway.http;

import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection that a recording is read on. Belongs to the loop of its exchange; {@link #wake}
 * may be called from any thread.
 */
abstract sealed class Viewer implements LoopTask permits StreamViewer, JsonViewer {
  private static final Logger log = LoggerFactory.getLogger(Viewer.class);

  final Recording recording;
  final Exchange exchange;
  private final EventLoop loop;
  private final AtomicBoolean dirty = new AtomicBoolean();

  Viewer(Recording recording, Exchange exchange, EventLoop loop) {
    this.recording = recording;
    this.exchange = exchange;
    this.loop = loop;
  }

  /**
   * A viewer in the form that the recording has.
   *
   * @param after how many events the client has got already
   * @throws io.parley.common.ParleyException if it cannot be read from there
   */
  static Viewer of(
      Recording recording, int after, Exchange exchange, EventLoop loop, int maxUnsentBytes) {
    return recording.origin().stream()
        ? new StreamViewer(recording, after, exchange, loop, maxUnsentBytes)
        : new JsonViewer(recording, exchange, loop);
  }

  EventLoop loop() {
    return loop;
  }

  /** Begins to read. */
  void join() {
    recording.join(this);
    exchange.attach(this);
    drainSafely();
  }

  /** The exchange is finished. */
  void leave() {
    recording.leave(this);
  }

  /** There is news. */
  void wake() {
    if (dirty.compareAndSet(false, true)) {
      loop.wake(this);
    }
  }

  @Override
  public void drain() {
    dirty.set(false);
    if (!exchange.isOver()) {
      pump();
    }
  }

  /** What goes wrong with one viewer is no matter to the others. */
  void drainSafely() {
    try {
      drain();
    } catch (RuntimeException e) {
      log.error("a viewer broke", e);
      breakOff();
    }
  }

  /** Cuts the connection off, so that the client does not take what it got for the whole. */
  @Override
  public void breakOff() {
    exchange.reset();
  }

  /** The recording holds an error and no answer: it is this client's answer. */
  void refuse(ErrorReply reply) {
    exchange.notice(recording.notice());
    exchange.fail(reply);
  }

  /** Writes what there is to write, as far as the connection takes it. */
  abstract void pump();

  /** Writes a sign of life, if this kind of answer has one. */
  abstract void ping();
}
