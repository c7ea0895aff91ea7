package io.parley.chat.http;

import io.parley.chat.ChatUser;
import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A request as an endpoint sees it: read whole, its sender known. Replies are written on the
 * request's event loop; of several replies the first counts. Belongs to the endpoint's thread.
 */
public final class ChatCall {
  private static final Logger log = LoggerFactory.getLogger(ChatCall.class);

  private final RoutingContext routing;
  private final Context loop;
  private final LoopStreams streams;
  private final long reviewsBefore;
  private Optional<Session> session = Optional.empty();

  private ChatCall(RoutingContext routing, Context loop, LoopStreams streams) {
    this.routing = routing;
    this.loop = loop;
    this.streams = streams;
    this.reviewsBefore = streams.everywhere().reviews();
  }

  /** Begins to work on a request; called on its loop. */
  static void begin(
      RoutingContext routing,
      ChatRoute route,
      Admission admission,
      LoopStreams streams,
      ExecutorService threads) {
    Context loop = Objects.requireNonNull(Vertx.currentContext(), "called on an event loop");
    ChatCall call = new ChatCall(routing, loop, streams);
    try {
      threads.execute(() -> call.work(route, admission));
    } catch (RejectedExecutionException e) {
      Replies.error(routing, ErrorCode.OVERLOADED, "The server is shutting down", 0);
    }
  }

  /** Nothing may get lost here, not even an error of the JVM: a client waits for an answer. */
  private void work(ChatRoute route, Admission admission) {
    try {
      session = admission.admit(routing.request(), route.access());
      route.endpoint().serve(this);
    } catch (ParleyException e) {
      onLoop(
          () -> Replies.error(routing, e.code(), String.valueOf(e.getMessage()), e.retryAfterMs()));
    } catch (Throwable e) {
      log.error("request {} failed", requestId(), e);
      onLoop(() -> Replies.error(routing, ErrorCode.API, "Internal error", 0));
    }
  }

  /** The id under which logs and errors name this request. */
  public String requestId() {
    return Replies.requestId(routing);
  }

  /**
   * Who asks.
   *
   * @throws ParleyException AUTHENTICATION if nobody known
   */
  public ChatUser user() {
    return session
        .map(Session::user)
        .orElseThrow(() -> new ParleyException(ErrorCode.AUTHENTICATION, "You are not signed in"));
  }

  /** The session it came with; empty for none. */
  public Optional<Session> session() {
    return session;
  }

  /** A parameter of the path; the route names it. */
  public String path(String name) {
    return Objects.requireNonNull(routing.pathParam(name), name);
  }

  /** A parameter of the query; empty if it is not there. */
  public Optional<String> query(String name) {
    return Optional.ofNullable(routing.request().getParam(name));
  }

  /** A header; empty if it is not there. */
  public Optional<String> header(String name) {
    return Optional.ofNullable(routing.request().getHeader(name));
  }

  /** The value of a cookie; empty if it is not there. */
  public Optional<String> cookie(String name) {
    return Optional.ofNullable(routing.request().getCookie(name)).map(Cookie::getValue);
  }

  /** The body as it came. */
  public byte[] body() {
    Buffer body = routing.body().buffer();
    return body == null ? new byte[0] : body.getBytes();
  }

  /**
   * The body as a record whose components are its fields, in snake_case.
   *
   * @throws ParleyException INVALID_REQUEST that names the field which is wrong, unknown or missing
   */
  public <T> T json(Class<T> type) {
    return ChatJson.read(body(), type);
  }

  /** The client's address, for throttling; unknown peers share one. */
  public String remoteAddress() {
    var address = routing.request().remoteAddress();
    return address == null ? "unknown" : String.valueOf(address.hostAddress());
  }

  /** Whether the client came by TLS, to this server or to a proxy that says so. */
  public boolean isSecure() {
    return routing.request().isSSL()
        || header("x-forwarded-proto").filter("https"::equalsIgnoreCase).isPresent();
  }

  /** Replies with a status and a record as JSON. */
  public void reply(int status, Object value) {
    byte[] json = ChatJson.bytes(value);
    reply(status, "application/json", json, Map.of());
  }

  /** Replies with a status and nothing. */
  public void reply(int status) {
    onLoop(
        () -> {
          if (!routing.response().ended()) {
            routing.response().setStatusCode(status).end();
          }
        });
  }

  /** Replies with bytes of some type, and headers by name. */
  public void reply(int status, String contentType, byte[] content, Map<String, String> headers) {
    onLoop(
        () -> {
          HttpServerResponse response = routing.response();
          if (!response.ended()) {
            headers.forEach(response::putHeader);
            response.setStatusCode(status).putHeader("content-type", contentType);
            response.end(Buffer.buffer(content));
          }
        });
  }

  /** Adds a header to whatever reply follows; a null value takes nothing away and is refused. */
  public void replyHeader(String name, String value) {
    onLoop(() -> routing.response().headers().add(name, value));
  }

  /** Runs something on the event loop of this request, which must not block. */
  public void onLoop(Runnable task) {
    loop.runOnContext(now -> task.run());
  }

  /** The response itself, for endpoints that stream; touch it on the loop only. */
  HttpServerResponse response() {
    return routing.response();
  }

  /** The streams of the loop that this request came to. */
  LoopStreams streams() {
    return streams;
  }

  /**
   * How many reviews of streams there were before its session was looked up. If there were more
   * since, the session may have ended in between.
   */
  long reviewsBefore() {
    return reviewsBefore;
  }

  /** A session of this user has ended, and so do the streams that were opened in it. */
  void sessionEnded(String userId) {
    streams.everywhere().review(userId);
  }

  /**
   * Is told once when the response is over or the client went away. Called on the loop. The
   * response's own handlers are taken: there is one of each, and the router has it.
   */
  void whenOver(Runnable over) {
    routing.addEndHandler(ended -> over.run());
  }

  /** Whether the client is still there; a hint, since it may go at any time. */
  boolean isOpen() {
    @Nullable HttpServerResponse response = routing.response();
    return response != null && !response.ended() && !response.closed();
  }
}
