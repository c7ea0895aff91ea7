package io.parley.chat.http;

import io.parley.chat.ChatLimits;
import io.parley.chat.notifications.Watchers;
import io.parley.common.TimeSource;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Serves a table of routes below {@link #ROOT}. Thread-safe; what it makes belongs to a loop. */
public final class ChatHttp {
  /** What all paths begin with. */
  public static final String ROOT = "/chat/v1";

  /** The largest body, in bytes, of routes that take JSON or an image; more gets a 413. */
  static final long MAX_BODY_BYTES = 12L << 20;

  private final List<ChatRoute> routes;
  private final Admission admission;
  private final OpenStreams openStreams;
  private final ExecutorService threads;

  /**
   * @param threads run the endpoints, one thread per request: virtual threads
   */
  public ChatHttp(
      List<ChatRoute> routes,
      Sessions sessions,
      ExecutorService threads,
      TimeSource time,
      ChatLimits limits) {
    this.routes = List.copyOf(routes);
    this.admission = new Admission(sessions);
    this.openStreams = new OpenStreams(time, limits, sessions, threads);
    this.threads = threads;
  }

  /** The same, with the machine's clock and the limits that hold if nothing else is said. */
  public ChatHttp(List<ChatRoute> routes, Sessions sessions, ExecutorService threads) {
    this(routes, sessions, threads, TimeSource.system(), ChatLimits.DEFAULTS);
  }

  /** Ends the streams that have no end of their own, and takes no more of them. */
  public void drain() {
    openStreams.drain();
  }

  /** Who follows anything by a stream of this process. */
  public Watchers watchers() {
    return openStreams;
  }

  /** Whether a path is one of chat's. */
  public static boolean takes(String path) {
    return path.equals(ROOT) || path.startsWith(ROOT + "/");
  }

  /** The table, as method and path, in OpenAPI's spelling. */
  public List<String> table() {
    return routes.stream()
        .map(route -> route.method() + " " + ROOT + route.path().replaceAll(":(\\w+)", "{$1}"))
        .toList();
  }

  /**
   * What answers on one event loop. Each request comes with what is to be run once its response is
   * over.
   */
  public BiConsumer<HttpServerRequest, Runnable> on(Vertx vertx) {
    return new Loop(vertx);
  }

  /** One event loop's router, and what the request that it is given now brings along. */
  private final class Loop implements BiConsumer<HttpServerRequest, Runnable> {
    private final Router router;
    private final LoopStreams streams;
    private @Nullable Runnable arriving;

    Loop(Vertx vertx) {
      router = Router.router(vertx);
      streams = openStreams.on(vertx);
      router.route().handler(this::begin);
      router.route().handler(BodyHandler.create(false).setBodyLimit(MAX_BODY_BYTES));
      for (ChatRoute route : routes) {
        router
            .route(HttpMethod.valueOf(route.method()), ROOT + route.path())
            .handler(context -> ChatCall.begin(context, route, admission, streams, threads));
      }
      router.route().failureHandler(Replies::failure);
      router.errorHandler(404, Replies::failure);
      router.errorHandler(405, Replies::failure);
    }

    @Override
    public void accept(HttpServerRequest request, Runnable over) {
      arriving = over;
      router.handle(request);
    }

    /** The first handler runs while the request is handed over, so this is its runnable. */
    private void begin(RoutingContext context) {
      Runnable over = arriving;
      arriving = null;
      if (over != null) {
        context.addEndHandler(ended -> over.run());
      }
      context.response().putHeader("cache-control", "no-store");
      context.response().putHeader("x-content-type-options", "nosniff");
      context.next();
    }
  }
}
