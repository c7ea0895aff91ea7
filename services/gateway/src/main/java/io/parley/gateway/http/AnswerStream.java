package io.parley.gateway.http;

import io.parley.gateway.messages.Answer;
import io.parley.ports.model.GenerationEvent;
import io.parley.ports.model.GenerationListener;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Carries one generation's events from the engine's thread to the event loop that writes them.
 *
 * <p>The engine's thread puts an event into the mailbox and, if the stream is not waiting already,
 * tells the loop; that is all it does. The loop drains the mailbox into the answer as far as the
 * connection takes it: text that a slow reader does not take stays in the mailbox, whose size is
 * limited. {@link #on} is called by the engine, everything else by the loop.
 */
final class AnswerStream implements GenerationListener {
  /** What a waiting piece of text takes beside its characters. */
  private static final int PIECE_BYTES = 80;

  /** A drain hands over at least this often, so that a full connection is noticed. */
  private static final int FLUSH_BYTES = 32 << 10;

  /** A drain takes at most this many events, so that one stream cannot hold up the others. */
  private static final int MAX_EVENTS = 1_000;

  private final Answer answer;
  private final LoopWriter writer;
  private final Exchange exchange;
  private final EventLoop loop;
  private final int maxWaitingBytes;
  private final ConcurrentLinkedQueue<GenerationEvent> mailbox = new ConcurrentLinkedQueue<>();
  private final AtomicInteger waitingBytes = new AtomicInteger();
  private final AtomicBoolean dirty = new AtomicBoolean();
  private volatile boolean overflowed;

  /**
   * @param maxWaitingBytes memory that waiting text may take; more resets the stream
   */
  AnswerStream(
      Answer answer, LoopWriter writer, Exchange exchange, EventLoop loop, int maxWaitingBytes) {
    this.answer = answer;
    this.writer = writer;
    this.exchange = exchange;
    this.loop = loop;
    this.maxWaitingBytes = maxWaitingBytes;
  }

  @Override
  public void on(GenerationEvent event) {
    if (fits(event)) {
      mailbox.add(event);
    }
    markDirty();
  }

  /** Once too much waits, text is dropped, because nobody will get it; the end is still counted. */
  private boolean fits(GenerationEvent event) {
    if (event instanceof GenerationEvent.Text text) {
      int waiting = waitingBytes.addAndGet(bytes(text));
      overflowed |= waiting > maxWaitingBytes;
      return !overflowed;
    }
    return true;
  }

  void markDirty() {
    if (dirty.compareAndSet(false, true)) {
      loop.wake(this);
    }
  }

  /** Takes events as long as there are any, the connection takes them, and others need not wait. */
  void drain() {
    dirty.set(false);
    if (overflowed && !answer.isEnding()) {
      exchange.reset();
    }
    int taken = 0;
    GenerationEvent event;
    while (taken < MAX_EVENTS && !exchange.isFull() && (event = mailbox.poll()) != null) {
      taken++;
      take(event);
    }
    writer.flush();
    if (taken == MAX_EVENTS) {
      markDirty();
    }
  }

  private void take(GenerationEvent event) {
    if (event instanceof GenerationEvent.Text text) {
      waitingBytes.addAndGet(-bytes(text));
    }
    answer.on(event);
    if (writer.pendingBytes() >= FLUSH_BYTES) {
      writer.flush();
    }
  }

  void abort(ErrorReply reply) {
    answer.abort(reply.code(), reply.message());
    writer.flush();
  }

  /** Cuts the stream off, so that the client does not take what it got for the whole. */
  void breakOff() {
    exchange.reset();
  }

  /** The client is gone. */
  void abandon() {
    answer.abandon();
  }

  void ping() {
    writer.ping();
  }

  private static int bytes(GenerationEvent.Text text) {
    return PIECE_BYTES + 2 * text.text().length();
  }
}
