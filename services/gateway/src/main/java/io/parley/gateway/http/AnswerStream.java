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
 * tells the loop; that is all it does. The loop drains the mailbox into the answer, however fast
 * anybody reads that. {@link #on} is called by the engine, everything else by the loop.
 */
final class AnswerStream implements GenerationListener, LoopTask {
  /** What a waiting piece of text takes beside its characters. */
  private static final int PIECE_BYTES = 80;

  /** A drain hands over at least this often, so that no event grows larger. */
  private static final int FLUSH_BYTES = 32 << 10;

  /** A drain takes at most this many events, so that one stream cannot hold up the others. */
  private static final int MAX_EVENTS = 1_000;

  private final Answer answer;
  private final LoopWriter writer;
  private final Recording recording;
  private final EventLoop loop;
  private final int maxWaitingBytes;
  private final ConcurrentLinkedQueue<GenerationEvent> mailbox = new ConcurrentLinkedQueue<>();
  private final AtomicInteger waitingBytes = new AtomicInteger();
  private final AtomicBoolean dirty = new AtomicBoolean();
  private volatile boolean overflowed;

  /**
   * @param maxWaitingBytes memory that text may take that the loop has no time for; more ends the
   *     answer
   */
  AnswerStream(
      Answer answer, LoopWriter writer, Recording recording, EventLoop loop, int maxWaitingBytes) {
    this.answer = answer;
    this.writer = writer;
    this.recording = recording;
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

  /** Takes events as long as there are any and others need not wait. */
  @Override
  public void drain() {
    dirty.set(false);
    if (overflowed && !answer.isEnding()) {
      recording.breakOff();
    }
    int taken = 0;
    GenerationEvent event;
    while (taken < MAX_EVENTS && (event = mailbox.poll()) != null) {
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

  @Override
  public void breakOff() {
    recording.breakOff();
  }

  /** Nobody reads it. */
  void abandon() {
    answer.abandon();
  }

  private static int bytes(GenerationEvent.Text text) {
    return PIECE_BYTES + 2 * text.text().length();
  }
}
