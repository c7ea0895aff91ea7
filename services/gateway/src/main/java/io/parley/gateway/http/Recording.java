package io.parley.gateway.http;

import io.parley.common.ErrorCode;
import io.parley.gateway.GatewayLimits;
import io.parley.gateway.Principal;
import io.parley.gateway.idempotency.Claim;
import io.parley.gateway.idempotency.Claims;
import io.parley.gateway.idempotency.StoredAnswer;
import io.parley.gateway.resume.EventId;
import io.parley.gateway.resume.EventLog;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An answer apart from the connections that it is read on. What is written goes into a log; any
 * number of viewers read that, each at its own pace and on its own loop. A viewer that goes, or is
 * too slow, is no matter to the answer, as long as another comes within the grace: without one, the
 * generation is cancelled. An answer that nobody can come back to has no grace.
 *
 * <p>{@link #join}, {@link #leave} and the getters may be called from any thread; everything else
 * belongs to the home loop, which is that of the first viewer.
 */
final class Recording {
  private static final Logger log = LoggerFactory.getLogger(Recording.class);

  private final Origin origin;
  private final EventLoop home;
  private final Edge edge;
  private final EventLog events;
  private final Set<Viewer> viewers = new CopyOnWriteArraySet<>();
  private final AtomicInteger visits = new AtomicInteger();
  private volatile @Nullable Claim claim;
  private volatile @Nullable ErrorReply failure;
  private volatile String notice = "";
  private volatile long queueMs = -1;
  private @Nullable AnswerStream stream;
  private boolean ending;

  /**
   * Where an answer comes from.
   *
   * @param requestId the request that it answers
   * @param principal whose request it is; nobody else may read the answer
   * @param stream whether it is written as events
   */
  record Origin(String messageId, String requestId, Principal principal, boolean stream) {
    /** Whether an answer that this one may read. */
    boolean belongsTo(Principal other) {
      return principal.organisationId().equals(other.organisationId())
          && principal.workspaceId().equals(other.workspaceId());
    }
  }

  private Recording(Origin origin, EventLoop home, Edge edge, EventLog events) {
    this.origin = origin;
    this.home = home;
    this.edge = edge;
    this.events = events;
  }

  /** An answer that is still to be written, on its home loop. */
  static Recording live(Origin origin, EventLoop home, Edge edge) {
    EventLog events =
        new EventLog(edge.recordings().budget(), edge.limits().resumption().maxKeptBytes());
    return new Recording(origin, home, edge, events);
  }

  /** An answer that was written long ago. */
  static Recording replay(StoredAnswer answer, Principal owner, EventLoop home, Edge edge) {
    List<byte[]> pieces = answer.stream() ? SseFormat.split(answer.body()) : List.of(answer.body());
    Origin origin = new Origin(answer.messageId(), "", owner, answer.stream());
    Recording replay = new Recording(origin, home, edge, EventLog.ended(pieces));
    replay.notice = answer.notice();
    replay.queueMs = answer.queueMs();
    replay.ending = true;
    return replay;
  }

  String messageId() {
    return origin.messageId();
  }

  String requestId() {
    return origin.requestId();
  }

  Origin origin() {
    return origin;
  }

  EventLoop home() {
    return home;
  }

  EventLog events() {
    return events;
  }

  /** What the head of the response says of the request; empty for nothing. */
  String notice() {
    return notice;
  }

  /** How long the prompt waited for the model, in milliseconds; negative if it is not known. */
  long queueMs() {
    return queueMs;
  }

  /** The error that there is instead of an answer; null if there is one, even one cut short. */
  @Nullable ErrorReply failure() {
    return failure;
  }

  Optional<Claim> claim() {
    return Optional.ofNullable(claim);
  }

  /** Its request holds an idempotency key. */
  void claimed(Claim won) {
    claim = won;
  }

  void notice(String line) {
    notice = line;
  }

  void queued(long ms) {
    queueMs = ms;
  }

  /** One more reads it. */
  void join(Viewer viewer) {
    visits.incrementAndGet();
    viewers.add(viewer);
  }

  /** One reads it no longer. */
  void leave(Viewer viewer) {
    if (viewers.remove(viewer) && viewers.isEmpty()) {
      home.run(this::unread);
    }
  }

  /** Connects what is generated; an answer that has ended, or that nobody waits for, stops it. */
  void attach(AnswerStream answerStream) {
    stream = answerStream;
    if (ending) {
      answerStream.abandon();
    } else {
      unread();
    }
  }

  /** Adds to the log, and tells the viewers. */
  void append(List<byte[]> pieces) {
    if (!ending) {
      events.append(pieces);
      announce();
    }
  }

  /**
   * The answer will be whole with these; now is the time to keep it for who asks again. One that is
   * too long is not kept.
   */
  void prepare(List<byte[]> last) {
    Claim held = claim;
    if (held == null) {
      return;
    }
    Optional<byte[]> whole = events.whole().map(most -> joined(most, last));
    GatewayLimits.Resumption limits = edge.limits().resumption();
    whole
        .filter(bytes -> bytes.length <= limits.maxKeptBytes())
        .map(b -> new StoredAnswer(messageId(), origin.stream(), notice, Math.max(0, queueMs), b))
        .ifPresent(held::keep);
  }

  /** Everything is written, and written down. */
  void end() {
    if (!ending) {
      ending = true;
      claim().ifPresent(held -> claims().drop(held));
      finish();
    }
  }

  /**
   * An error ends it. Its key, if it has one, is free again before anybody learns of the error, so
   * that whoever tries again at once is the first.
   */
  void fail(ErrorReply reply) {
    if (ending) {
      return;
    }
    ending = true;
    Claim held = claim;
    if (held == null) {
      finish(reply);
    } else {
      release(held, () -> home.run(() -> finish(reply)));
    }
  }

  /** Ends it from the server's side. */
  void abort(ErrorReply reply) {
    if (stream != null) {
      stream.abort(reply);
    } else {
      fail(reply);
    }
  }

  /** The answer is over; one that was given up says so to whoever comes back. */
  void over() {
    long graceMs = edge.limits().resumption().graceMs();
    fail(
        ErrorReply.of(
            ErrorCode.TIMEOUT,
            "Nobody read the answer for " + graceMs + " ms, so it was not written to its end"));
    // What is kept for a while must not keep the request and its connection.
    stream = null;
  }

  /**
   * Something is wrong with the answer: whoever reads it is cut off, so as not to take it whole.
   */
  void breakOff() {
    if (stream != null) {
      stream.abandon();
    }
    viewers.forEach(viewer -> viewer.loop().run(viewer::breakOff));
  }

  private void release(Claim held, Runnable then) {
    try {
      edge.parts()
          .threads()
          .execute(
              () -> {
                try {
                  claims().release(held);
                } catch (RuntimeException e) {
                  log.warn("an idempotency key stays taken until its lease ends", e);
                }
                then.run();
              });
    } catch (RejectedExecutionException e) {
      then.run();
    }
  }

  private void finish(ErrorReply reply) {
    int number = events.size() + 1;
    if (number == 1) {
      failure = reply;
    }
    if (origin.stream()) {
      EventId id = new EventId(messageId(), number);
      events.append(List.of(SseFormat.error(reply, requestId(), id)));
    }
    finish();
  }

  private void finish() {
    events.end();
    edge.recordings().ended(this);
    announce();
  }

  /** Viewers of the home loop write at once; the others are woken. */
  private void announce() {
    for (Viewer viewer : viewers) {
      if (viewer.loop() == home) {
        viewer.drainSafely();
      } else {
        viewer.wake();
      }
    }
  }

  private void unread() {
    AnswerStream current = stream;
    if (ending || current == null || !viewers.isEmpty()) {
      return;
    }
    long graceMs = canComeBack() ? edge.limits().resumption().graceMs() : 0;
    if (graceMs == 0 || edge.isDraining()) {
      current.abandon();
      return;
    }
    int seen = visits.get();
    home.later(
        graceMs,
        () -> {
          if (visits.get() == seen) {
            current.abandon();
          }
        });
  }

  private boolean canComeBack() {
    return origin.stream() || claim != null;
  }

  private Claims claims() {
    return edge.parts().claims().orElseThrow();
  }

  private static byte[] joined(byte[] most, List<byte[]> last) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(most.length + 512);
    out.writeBytes(most);
    last.forEach(out::writeBytes);
    return out.toByteArray();
  }
}
