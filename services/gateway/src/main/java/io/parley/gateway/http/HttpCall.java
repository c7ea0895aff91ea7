package io.parley.gateway.http;

import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import io.parley.gateway.Principal;
import io.parley.gateway.idempotency.StoredAnswer;
import io.parley.gateway.messages.Answer;
import io.parley.gateway.messages.AnswerWriter;
import io.parley.gateway.messages.Call;
import io.parley.gateway.messages.RequestHead;
import io.parley.gateway.observation.Observation;
import io.parley.gateway.observation.Outcome;
import io.parley.gateway.observation.Timeline;
import io.parley.gateway.observation.TraceParent;
import io.parley.gateway.resume.EventId;
import io.parley.ports.model.GenerationListener;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.HostAndPort;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * An exchange as the thread sees it that works on it and may block. What it writes, it writes on
 * the exchange's event loop; what need not be there at once it sends together, since every task may
 * wake the loop. Belongs to the working thread, but for {@link #run} and {@link #over}.
 */
final class HttpCall implements Call {
  private static final Logger log = LoggerFactory.getLogger(HttpCall.class);

  /** How often to look whether another server has finished an answer. */
  private static final long POLL_MS = 250;

  private final Exchange exchange;
  private final EventLoop loop;
  private final Edge edge;
  private final RequestHead head;
  private final Timeline timeline;
  private final RepeatHeaders repeats;
  private final CompletableFuture<byte[]> body = new CompletableFuture<>();
  private final List<Runnable> outbox = new ArrayList<>();
  private final boolean shortBody;
  private boolean bodyBegun;
  private @Nullable Recording recording;
  private @Nullable LoopWriter writer;

  private HttpCall(Exchange exchange, EventLoop loop, Edge edge, boolean observed) {
    this.exchange = exchange;
    this.loop = loop;
    this.edge = edge;
    this.shortBody = exchange.isShort();
    MultiMap headers = exchange.request().headers();
    this.head =
        new RequestHead(
            exchange.requestId(),
            exchange.receivedNanos(),
            headers.get("x-api-key"),
            headers.get("authorization"),
            headers.get("anthropic-version"));
    this.repeats = RepeatHeaders.of(headers);
    this.timeline =
        observed
            ? begin(edge.parts().observation(), exchange, headers)
            : edge.parts().observation().unobserved(exchange.requestId(), exchange.receivedNanos());
  }

  private static Timeline begin(Observation observation, Exchange exchange, MultiMap headers) {
    return observation.begin(
        exchange.requestId(),
        exchange.receivedNanos(),
        TraceParent.parse(headers.get(TraceParent.HEADER)));
  }

  /**
   * Begins to work on an exchange; called on its loop. A long body waits unread until the work asks
   * for it; a short one is there by then, which saves two switches of threads.
   */
  static void begin(Exchange exchange, EventLoop loop, Edge edge, Consumer<HttpCall> work) {
    begin(exchange, loop, edge, work, false);
  }

  /** The same, of a call for an answer, of which a timeline is kept. */
  static void observe(Exchange exchange, EventLoop loop, Edge edge, Consumer<HttpCall> work) {
    begin(exchange, loop, edge, work, true);
  }

  private static void begin(
      Exchange exchange, EventLoop loop, Edge edge, Consumer<HttpCall> work, boolean observed) {
    HttpCall call = new HttpCall(exchange, loop, edge, observed);
    if (call.shortBody) {
      call.bodyBegun = true;
      exchange.readBody(call.body, true);
    } else {
      exchange.request().pause();
    }
    exchange.slot().share();
    try {
      edge.parts().threads().execute(() -> call.work(work));
    } catch (RejectedExecutionException e) {
      exchange.slot().leave();
      call.fail(ErrorReply.shuttingDown());
    }
  }

  /** Nothing may get lost here, not even an error of the JVM: a client waits for an answer. */
  private void work(Consumer<HttpCall> work) {
    MDC.put("request_id", head.requestId());
    try {
      work.accept(this);
    } catch (ParleyException e) {
      fail(ErrorReply.of(e));
    } catch (Throwable e) {
      log.error("the request failed", e);
      fail(ErrorReply.of(ErrorCode.API, "Internal error"));
    } finally {
      MDC.remove("request_id");
      exchange.slot().leave();
      if (!shortBody) {
        onLoop(exchange::releaseBody);
      }
      send();
    }
  }

  /**
   * Has something done on the loop when there is more to be done there, or {@link #send} is called.
   */
  private void onLoop(Runnable task) {
    outbox.add(task);
  }

  private void send() {
    outbox.forEach(loop::run);
    outbox.clear();
  }

  private void atOnce(Runnable task) {
    onLoop(task);
    send();
  }

  @Override
  public RequestHead head() {
    return head;
  }

  @Override
  public Timeline timeline() {
    return timeline;
  }

  @Override
  public byte[] body() {
    if (!bodyBegun) {
      bodyBegun = true;
      atOnce(() -> exchange.readBody(body, false));
    }
    try {
      return body.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof ParleyException known ? known : new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ParleyException(ErrorCode.OVERLOADED, "The server is shutting down", e);
    }
  }

  @Override
  public boolean claim(Principal principal, String messageId, byte[] body, boolean stream) {
    var origin = new Recording.Origin(messageId, head.requestId(), principal, stream);
    Recording own = Recording.live(origin, loop, edge);
    boolean first = new Repeats(edge, this).admit(repeats, own, body);
    if (first) {
      recording = own;
    }
    return first;
  }

  @Override
  public void notice(String notice) {
    Recording own = recording;
    if (own != null) {
      own.notice(notice);
    } else {
      onLoop(() -> exchange.notice(notice));
    }
  }

  @Override
  public void headers(Map<String, String> lines) {
    onLoop(() -> lines.forEach(exchange::header));
  }

  @Override
  public AnswerWriter writer(boolean stream) {
    LoopWriter made = stream ? new SseWriter(own(), loop.scratch()) : new JsonWriter(own());
    writer = made;
    return made;
  }

  @Override
  public GenerationListener deliver(Answer answer) {
    LoopWriter current = Objects.requireNonNull(writer, "an answer has a writer first");
    int maxWaitingBytes = edge.limits().streams().maxUnsentBytes();
    Recording own = own();
    AnswerStream stream = new AnswerStream(answer, current, own, loop, maxWaitingBytes);
    edge.workBegun();
    exchange.slot().share();
    atOnce(() -> own.attach(stream));
    return stream;
  }

  @Override
  public void run(Runnable task) {
    LoopWriter current = writer;
    loop.run(
        () -> {
          task.run();
          if (current != null) {
            current.flush();
          }
        });
  }

  @Override
  public void over() {
    own().over();
    exchange.slot().leave();
    edge.workFinished();
  }

  /** Has the client read an answer from a position on. */
  void view(Recording answer, int after) {
    int maxUnsentBytes = edge.limits().streams().maxUnsentBytes();
    Viewer viewer = Viewer.of(answer, after, exchange, loop, maxUnsentBytes);
    onLoop(viewer::join);
  }

  /** The same, of an answer that another request began, or the same one before. */
  void viewAgain(Recording answer, int after) {
    onLoop(exchange::replayed);
    view(answer, after);
  }

  /** An answer that was kept, to be viewed. */
  Recording replay(StoredAnswer answer, Principal owner) {
    return Recording.replay(answer, owner, loop, edge);
  }

  /** The position that the client wants to read on from. */
  Optional<EventId> position() {
    return repeats.position();
  }

  /** Waits a little for another server; false if the client did not wait as long. */
  boolean waitsOn() {
    return waitsOn(POLL_MS);
  }

  /** Waits so long; false if the client did not wait as long. */
  boolean waitsOn(long ms) {
    send();
    try {
      exchange.finished().get(ms, TimeUnit.MILLISECONDS);
      return false;
    } catch (TimeoutException e) {
      return true;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ParleyException(ErrorCode.OVERLOADED, "The server is shutting down", e);
    }
  }

  private Recording own() {
    return Objects.requireNonNull(recording, "an answer is claimed first");
  }

  void reply(int status, byte[] json) {
    atOnce(() -> exchange.reply(status, json));
  }

  void reply(int status, String contentType, byte[] content) {
    atOnce(() -> exchange.reply(status, contentType, content));
  }

  /**
   * Sends a response piece by piece; each is asked for when the connection has taken the one
   * before, so that a slow reader takes no memory.
   *
   * @throws ParleyException if the client goes away
   */
  void replyInPieces(String contentType, Iterator<byte[]> pieces) {
    while (pieces.hasNext()) {
      Buffer piece = Buffer.buffer(pieces.next());
      CompletableFuture<Void> taken = new CompletableFuture<>();
      atOnce(
          () ->
              exchange
                  .writePiece(contentType, piece)
                  .onSuccess(taken::complete)
                  .onFailure(taken::completeExceptionally));
      await(taken);
    }
    atOnce(() -> exchange.endPieces(contentType));
  }

  private static void await(CompletableFuture<Void> taken) {
    try {
      taken.get();
    } catch (ExecutionException e) {
      throw new ParleyException(ErrorCode.API, "The client closed the connection", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ParleyException(ErrorCode.OVERLOADED, "The server is shutting down", e);
    }
  }

  /** A header of the request, null if it is not there. */
  @Nullable String header(String name) {
    return exchange.request().getHeader(name);
  }

  /** Host and port as the client named them, null if it did not. */
  @Nullable String authority() {
    HostAndPort authority = exchange.request().authority();
    return authority == null ? null : authority.toString();
  }

  /** {@code http} or {@code https}, as this server sees it. */
  String scheme() {
    return Objects.requireNonNullElse(exchange.request().scheme(), "http");
  }

  /** A parameter of the query, null if it is not there. */
  @Nullable String query(String name) {
    return exchange.request().getParam(name);
  }

  /** All values of a parameter of the query, in order. */
  List<String> queries(String name) {
    return exchange.request().params().getAll(name);
  }

  /** The names of all parameters of the query. */
  Set<String> queryNames() {
    return exchange.request().params().names();
  }

  String path() {
    return Objects.requireNonNullElse(exchange.request().path(), "");
  }

  void fail(ErrorReply reply) {
    Recording own = recording;
    atOnce(
        () -> {
          timeline.fail(
              exchange.isOver() ? Outcome.ABANDONED : Outcome.failed(reply.code()),
              reply.message());
          if (own != null) {
            own.fail(reply);
          } else {
            exchange.fail(reply);
          }
        });
  }
}
