package io.parley.web;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.util.function.BiConsumer;

/** Serves the web pages. Thread-safe; a handler belongs to one event loop. */
public final class WebFiles {
  private WebFiles() {}

  /** Whether a path is that of a page, or of a file that pages need. */
  public static boolean takes(String path) {
    return path.startsWith("/assets/");
  }

  /** What answers on one event loop. Runs the second argument when a response is over. */
  public static BiConsumer<HttpServerRequest, Runnable> handler(Vertx vertx) {
    return (request, over) -> {
      request.response().endHandler(ended -> over.run());
      request.response().closeHandler(closed -> over.run());
      request.response().setStatusCode(404).end();
    };
  }
}
