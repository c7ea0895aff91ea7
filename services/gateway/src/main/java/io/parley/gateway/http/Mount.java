package io.parley.gateway.http;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * A part of the server's paths that somebody else answers: the chat product, the web pages. It gets
 * the bare request; connections, their limits and the request's id stay the gateway's.
 *
 * @param name in figures
 * @param takes whether a path is its own; asked for each request, on event loops
 * @param handlers makes what answers for one event loop, and is called on that loop only. Each
 *     request comes with what has to be run once, on the loop, when its response is over, whether
 *     it was sent or the client went away. The header {@code request-id} of the response is set
 */
public record Mount(
    String name,
    Predicate<String> takes,
    Function<Vertx, BiConsumer<HttpServerRequest, Runnable>> handlers) {}
