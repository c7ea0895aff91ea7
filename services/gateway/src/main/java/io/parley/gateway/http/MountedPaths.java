package io.parley.gateway.http;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** The mounts as one event loop serves them. Belongs to that loop. */
final class MountedPaths {
  private final Edge edge;
  private final List<Handler> handlers;

  private record Handler(Mount mount, BiConsumer<HttpServerRequest, Runnable> serve) {}

  MountedPaths(Edge edge, Vertx vertx) {
    this.edge = edge;
    this.handlers =
        edge.parts().mounts().stream()
            .map(mount -> new Handler(mount, mount.handlers().apply(vertx)))
            .toList();
  }

  /**
   * Has the request served if it is for a mount.
   *
   * @param connection that it came over; null if that is gone already
   * @return whether it is
   */
  boolean serve(HttpServerRequest request, @Nullable OpenConnection connection) {
    String path = request.path();
    for (Handler handler : handlers) {
      if (path != null && handler.mount().takes().test(path)) {
        serve(handler, request, connection);
        return true;
      }
    }
    return false;
  }

  private void serve(
      Handler handler, HttpServerRequest request, @Nullable OpenConnection connection) {
    long begun = edge.parts().time().nanoTime();
    edge.workBegun();
    if (connection != null) {
      connection.requestBegun();
    }
    request.response().putHeader("request-id", "req_" + edge.parts().ids().next());
    AtomicBoolean over = new AtomicBoolean();
    handler
        .serve()
        .accept(
            request,
            () -> {
              if (!over.getAndSet(true)) {
                over(handler, request, connection, begun);
              }
            });
  }

  private void over(
      Handler handler,
      HttpServerRequest request,
      @Nullable OpenConnection connection,
      long begunNanos) {
    long now = edge.parts().time().nanoTime();
    edge.meters()
        .request(handler.mount().name(), request.response().getStatusCode(), now - begunNanos);
    if (connection != null) {
      connection.requestFinished(now);
    }
    edge.workFinished();
  }
}
