package io.parley.gateway.http;

/** Answers the requests of one route. Called on the exchange's event loop; must not block. */
@FunctionalInterface
interface Endpoint {
  void serve(Exchange exchange);
}
