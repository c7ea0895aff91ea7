package io.parley.gateway.http;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One event loop: its server, its connections, its exchanges. {@link #wake}, {@link #run}, {@link
 * #port} and {@link #shutdown} may be called from any thread; everything else is called on the
 * loop's own.
 */
final class EventLoop extends VerticleBase {
  private static final Logger log = LoggerFactory.getLogger(EventLoop.class);

  private final Edge edge;
  private final Router router;
  private final HttpServerOptions options;
  private final SocketAddress address;
  private final long sweepMs;
  private final Utf8Buffer scratch = new Utf8Buffer();
  private final Queue<LoopTask> dirty = new ConcurrentLinkedQueue<>();
  private final List<LoopTask> draining = new ArrayList<>();
  private final AtomicBoolean woken = new AtomicBoolean();
  private final Set<Exchange> exchanges = new HashSet<>();
  private @Nullable MountedPaths mounted;
  private final IdentityHashMap<HttpConnection, OpenConnection> connections =
      new IdentityHashMap<>();
  private volatile @Nullable HttpServer server;

  /**
   * @param sweepMs milliseconds between two looks at what has taken too long
   */
  EventLoop(
      Edge edge, Routes routes, HttpServerOptions options, SocketAddress address, long sweepMs) {
    this.edge = edge;
    this.router = new Router(routes.on(this));
    this.options = options;
    this.address = address;
    this.sweepMs = sweepMs;
  }

  @Override
  public Future<?> start() {
    vertx.setPeriodic(sweepMs, tick -> sweep());
    mounted = new MountedPaths(edge, vertx);
    HttpServer listening =
        vertx
            .createHttpServer(options)
            .connectionHandler(this::opened)
            .requestHandler(this::accept)
            .invalidRequestHandler(this::reject);
    server = listening;
    return listening.listen(address);
  }

  int port() {
    return server().actualPort();
  }

  List<Router.Route> routes() {
    return router.routes();
  }

  /** Refuses new connections at once; closes the open ones as they finish, or at the limit. */
  Future<Void> shutdown(Duration limit) {
    return server().shutdown(limit);
  }

  /** Runs something on the loop. */
  void run(Runnable task) {
    context.runOnContext(now -> task.run());
  }

  /** Runs something on the loop, later. */
  void later(long delayMs, Runnable task) {
    vertx.setTimer(delayMs, now -> task.run());
  }

  /** Has the task drained; one wake-up serves every task that asks before it comes. */
  void wake(LoopTask task) {
    dirty.add(task);
    if (woken.compareAndSet(false, true)) {
      run(this::drain);
    }
  }

  /** The buffer that streams of this loop write through. */
  Utf8Buffer scratch() {
    return scratch;
  }

  void remove(Exchange exchange) {
    if (exchanges.remove(exchange)) {
      OpenConnection connection = connections.get(exchange.request().connection());
      if (connection != null) {
        connection.requestFinished(edge.parts().time().nanoTime());
      }
      edge.workFinished();
    }
  }

  /** Ends every exchange that is still under way and reads no answer. */
  void abortAll(ErrorReply reply) {
    List.copyOf(exchanges).forEach(exchange -> exchange.abort(reply));
  }

  /**
   * Drains each task once that is dirty now. What gets dirty meanwhile waits for the next wake-up,
   * so that sockets get their turn in between however fast the engine is.
   */
  private void drain() {
    woken.set(false);
    LoopTask next;
    while ((next = dirty.poll()) != null) {
      draining.add(next);
    }
    draining.forEach(this::drain);
    draining.clear();
  }

  /** A fault in one task ends that task, and leaves nothing behind for the next one. */
  private void drain(LoopTask task) {
    try {
      task.drain();
    } catch (RuntimeException e) {
      log.error("a stream broke", e);
      scratch.clear();
      task.breakOff();
    }
  }

  private void opened(HttpConnection connection) {
    if (!edge.takeConnection()) {
      connection.close();
      return;
    }
    connections.put(connection, new OpenConnection(edge.parts().time().nanoTime()));
    connection.closeHandler(
        closed -> {
          connections.remove(connection);
          edge.giveUpConnection();
        });
  }

  private void accept(HttpServerRequest request) {
    OpenConnection connection = connections.get(request.connection());
    if (!mounted().serve(request, connection)) {
      route(request);
    }
  }

  private void route(HttpServerRequest request) {
    Router.Match match = router.match(request.method().name(), request.path());
    Exchange exchange = begin(request, match.route());
    match.endpoint().serve(exchange);
  }

  /** A request that is not HTTP enough to have a path. */
  private void reject(HttpServerRequest request) {
    Exchange exchange = begin(request, Router.UNMATCHED);
    exchange.fail(MalformedRequest.reply(request.decoderResult().cause()));
    request.connection().close();
  }

  private Exchange begin(HttpServerRequest request, String route) {
    Exchange exchange = new Exchange(request, this, edge, route);
    exchanges.add(exchange);
    edge.workBegun();
    OpenConnection connection = connections.get(request.connection());
    if (connection != null) {
      connection.requestBegun();
    }
    return exchange;
  }

  private void sweep() {
    long now = edge.parts().time().nanoTime();
    List.copyOf(exchanges).forEach(exchange -> exchange.sweep(now));
    edge.recordings().sweep(now);
    long idleNanos = TimeUnit.MILLISECONDS.toNanos(edge.limits().connections().idleTimeoutMs());
    connections.entrySet().stream()
        .filter(open -> open.getValue().isIdle(now, idleNanos))
        .map(Map.Entry::getKey)
        .toList()
        .forEach(HttpConnection::close);
  }

  private MountedPaths mounted() {
    return Objects.requireNonNull(mounted, "not started");
  }

  private HttpServer server() {
    return Objects.requireNonNull(server, "not started");
  }
}
