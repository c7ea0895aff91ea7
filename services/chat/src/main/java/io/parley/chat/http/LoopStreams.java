package io.parley.chat.http;

import io.parley.chat.ChatLimits;
import io.parley.common.TimeSource;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The event streams of one event loop. Others hand it what is to be written; however much that is,
 * the loop is woken once for it. A stream ends with the session in which it was opened. Made on its
 * loop; {@link #run}, {@link #review}, {@link #drain} and {@link #everywhere} may be called from
 * any thread, everything else on the loop.
 */
final class LoopStreams {
  private static final Logger log = LoggerFactory.getLogger(LoopStreams.class);
  private static final Buffer COMMENT = Buffer.buffer(":\n\n");

  private final OpenStreams all;
  private final Context loop;
  private final TimeSource time;
  private final ChatLimits limits;
  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean woken = new AtomicBoolean();
  private final Set<SseStream> open = new HashSet<>();

  LoopStreams(OpenStreams all, Vertx vertx, TimeSource time, ChatLimits limits) {
    this.all = all;
    this.loop = vertx.getOrCreateContext();
    this.time = time;
    this.limits = limits;
    vertx.setPeriodic(Math.max(1, limits.keepAlive().toMillis()), tick -> sweep());
  }

  /**
   * Begins a stream for a call; called on the call's thread.
   *
   * @param endless whether it has no end of its own, and is ended when the server stops
   * @throws io.parley.common.ParleyException OVERLOADED or RATE_LIMIT if there is no room
   */
  SseStream begin(ChatCall call, boolean endless) {
    String userId = call.user().userId();
    all.take(userId);
    SseStream.Owner owner = new SseStream.Owner(userId, call.cookie(Sessions.COOKIE).orElseThrow());
    SseStream stream = new SseStream(this, call.response(), time, owner, endless);
    AtomicBoolean given = new AtomicBoolean();
    stream.whenClosed(
        () -> {
          open.remove(stream);
          if (!given.getAndSet(true)) {
            all.give(userId);
          }
        });
    run(
        () -> {
          open.add(stream);
          call.whenOver(stream::over);
          stream.begin();
          if (all.reviews() != call.reviewsBefore()) {
            review(owner::equals);
          }
        });
    return stream;
  }

  /** Runs something on the loop. */
  void run(Runnable task) {
    tasks.add(task);
    if (woken.compareAndSet(false, true)) {
      loop.runOnContext(now -> runAll());
    }
  }

  /** A fault in one task is its own. */
  private void runAll() {
    woken.set(false);
    Runnable next;
    while ((next = tasks.poll()) != null) {
      try {
        next.run();
      } catch (RuntimeException e) {
        log.error("a stream broke", e);
      }
    }
  }

  /** Shows that the server is there, and lets go of readers that take nothing or may no more. */
  private void sweep() {
    for (SseStream stream : List.copyOf(open)) {
      if (stream.hasStalled(limits.stalled())) {
        stream.reset();
      } else {
        stream.comment(COMMENT);
      }
    }
    review(owner -> true);
  }

  /** Ends the streams of some owners whose session has ended, wherever that was. */
  void review(Predicate<SseStream.Owner> whose) {
    run(
        () -> {
          Map<String, List<SseStream>> bySession =
              open.stream()
                  .filter(stream -> whose.test(stream.owner()))
                  .collect(Collectors.groupingBy(stream -> stream.owner().session()));
          if (!bySession.isEmpty()) {
            all.whenHolding(Set.copyOf(bySession.keySet()), held -> endAllBut(held, bySession));
          }
        });
  }

  private void endAllBut(Set<String> held, Map<String, List<SseStream>> bySession) {
    run(
        () ->
            bySession.forEach(
                (session, streams) -> {
                  if (!held.contains(session)) {
                    streams.forEach(SseStream::end);
                  }
                }));
  }

  /** The streams of all loops, this one's among them. */
  OpenStreams everywhere() {
    return all;
  }

  void drain() {
    run(() -> List.copyOf(open).stream().filter(SseStream::isEndless).forEach(SseStream::end));
  }
}
