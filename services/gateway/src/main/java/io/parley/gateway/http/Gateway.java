package io.parley.gateway.http;

import io.parley.gateway.GatewayLimits;
import io.parley.gateway.batches.Batches;
import io.parley.gateway.idempotency.Claims;
import io.parley.gateway.inprocess.InProcessMessages;
import io.parley.gateway.messages.GatewayMeters;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running HTTP server of the Messages API. Thread-safe; {@link #stop} blocks. */
public final class Gateway implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Gateway.class);

  /** What streams get to write their last event, after their limit is over. */
  private static final Duration LAST_WORDS = Duration.ofSeconds(2);

  private final Vertx vertx;
  private final Edge edge;
  private final List<EventLoop> loops;
  private final AtomicBoolean stopping = new AtomicBoolean();

  private Gateway(Vertx vertx, Edge edge, List<EventLoop> loops) {
    this.vertx = vertx;
    this.edge = edge;
    this.loops = loops;
  }

  /**
   * Starts to listen, and returns when requests are answered.
   *
   * @throws UncheckedIOException if it cannot listen there
   */
  public static Gateway start(GatewayConfig config, GatewayParts parts) {
    int eventLoops =
        config.eventLoops() > 0 ? config.eventLoops() : Runtime.getRuntime().availableProcessors();
    Vertx vertx = Vertx.vertx(vertxOptions(eventLoops));
    Edge edge = new Edge(parts, config.limits(), new GatewayMeters(parts.meters(), parts.time()));
    List<EventLoop> loops = Collections.synchronizedList(new ArrayList<>());
    HttpServerOptions options = serverOptions(config, vertx.isNativeTransportEnabled());
    SocketAddress address = address(config);
    long sweepMs = sweepMs(config.limits());
    Routes routes = new Routes(edge);
    Future<String> deployed =
        vertx.deployVerticle(
            () -> {
              EventLoop loop = new EventLoop(edge, routes, options, address, sweepMs);
              loops.add(loop);
              return loop;
            },
            new DeploymentOptions().setInstances(eventLoops));
    awaitListening(config, vertx, deployed);
    parts.claims().ifPresent(claims -> keepUp(vertx, claims, parts.threads()));
    routes.attachServices();
    routes.startBatches();
    Gateway gateway = new Gateway(vertx, edge, List.copyOf(loops));
    log.info("listening on {}:{} with {} event loops", config.host(), gateway.port(), eventLoops);
    return gateway;
  }

  private static void keepUp(Vertx vertx, Claims claims, ExecutorService threads) {
    vertx.setPeriodic(
        claims.limits().upkeepMs(),
        tick -> {
          try {
            threads.execute(claims::upkeep);
          } catch (RejectedExecutionException e) {
            log.debug("idempotency keys are not kept up any more", e);
          }
        });
  }

  /** The port that it listens on. */
  public int port() {
    return loops.getFirst().port();
  }

  /** What it answers, as method and path. */
  List<String> routes() {
    return loops.getFirst().routes().stream()
        .map(route -> route.method() + " " + route.path())
        .toList();
  }

  /**
   * Stops in good order: takes no new connection and no new call, lets what is under way go on for
   * as long as the limit says, then ends each stream that is left with an {@code error} event of
   * type {@code overloaded_error} and closes. Batches begin nothing any more; what they have under
   * way begins again with the next gateway. Returns when all is closed; calling it again does
   * nothing.
   */
  public void stop(Duration limit) {
    if (stopping.getAndSet(true)) {
      return;
    }
    Future<Void> closed = Future.succeededFuture();
    var idle = edge.drain();
    for (EventLoop loop : loops) {
      closed = Future.join(closed, loop.shutdown(limit.plus(LAST_WORDS))).mapEmpty();
    }
    edge.parts().mounts().forEach(mount -> mount.drain().run());
    edge.parts().batches().ifPresent(Batches::close);
    if (!await(idle, limit)) {
      loops.forEach(loop -> loop.run(() -> loop.abortAll(ErrorReply.shuttingDown())));
      edge.recordings().abortAll(ErrorReply.shuttingDown());
      edge.parts().inProcess().ifPresent(InProcessMessages::abortAll);
      await(idle, LAST_WORDS);
    }
    await(closed.toCompletionStage().toCompletableFuture(), LAST_WORDS);
    await(vertx.close().toCompletionStage().toCompletableFuture(), LAST_WORDS);
  }

  /** Stops without waiting for what is under way. */
  @Override
  public void close() {
    stop(Duration.ZERO);
  }

  private static VertxOptions vertxOptions(int eventLoops) {
    return new VertxOptions()
        .setPreferNativeTransport(true)
        .setEventLoopPoolSize(eventLoops)
        .setWorkerPoolSize(1)
        .setFileSystemOptions(
            new FileSystemOptions()
                .setFileCachingEnabled(false)
                .setClassPathResolvingEnabled(false));
  }

  /** All event loops share one port, also when the system chooses it. */
  private static SocketAddress address(GatewayConfig config) {
    return config.port() == 0
        ? SocketAddress.sharedRandomPort(1, config.host())
        : SocketAddress.inetSocketAddress(config.port(), config.host());
  }

  /** Bodies are asked for when somebody wants them, hence no automatic 100 Continue. */
  private static HttpServerOptions serverOptions(GatewayConfig config, boolean nativeTransport) {
    GatewayLimits limits = config.limits();
    HttpServerOptions options =
        new HttpServerOptions()
            .setHttp2ClearTextEnabled(config.http2ClearText())
            .setHandle100ContinueAutomatically(false)
            .setMaxInitialLineLength(limits.connections().maxRequestLineBytes())
            .setMaxHeaderSize(limits.connections().maxHeaderBytes())
            .setSendBufferSize(limits.streams().sendBufferBytes())
            .setTcpNoDelay(true);
    if (nativeTransport) {
      options.setTcpUserTimeout(
          (int) Math.min(2 * limits.streams().stalledTimeoutMs(), Integer.MAX_VALUE));
    }
    return options;
  }

  /** Often enough that no limit is missed by much, seldom enough to cost nothing. */
  private static long sweepMs(GatewayLimits limits) {
    long shortest =
        LongStream.of(
                limits.requests().readTimeoutMs(),
                limits.streams().stalledTimeoutMs(),
                limits.streams().pingIntervalMs(),
                limits.connections().idleTimeoutMs())
            .min()
            .getAsLong();
    return Math.clamp(shortest / 8, 10, 1_000);
  }

  private static void awaitListening(GatewayConfig config, Vertx vertx, Future<String> deployed) {
    try {
      deployed.toCompletionStage().toCompletableFuture().get();
    } catch (ExecutionException e) {
      vertx.close();
      String where = config.host() + ":" + config.port();
      String why = e.getCause() == null ? e.getMessage() : e.getCause().getMessage();
      throw new UncheckedIOException(new IOException("cannot listen on " + where + ": " + why, e));
    } catch (InterruptedException e) {
      vertx.close();
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while starting", e);
    }
  }

  /** Whether it completed in time. */
  private static boolean await(java.util.concurrent.Future<?> future, Duration limit) {
    try {
      future.get(limit.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      log.warn("while stopping", e);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
