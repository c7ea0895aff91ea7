package io.parley.gateway.http;

import io.parley.gateway.http.Router.Route;
import io.parley.gateway.json.JsonBody;
import io.parley.gateway.messages.Authentication;
import io.parley.gateway.messages.CountTokensPipeline;
import io.parley.gateway.messages.MessagesPipeline;
import io.parley.gateway.messages.RequestReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** The table of everything that the gateway answers, and the stages that stand behind it. */
final class Routes {
  private final Edge edge;
  private final MessagesPipeline messages;
  private final CountTokensPipeline countTokens;
  private final EventsEndpoint events;
  private final ModelsEndpoint models;
  private final SystemEndpoints system;
  private final List<AdminRoute> admin;
  private final Optional<BatchesEndpoint> batches;

  Routes(Edge edge) {
    GatewayParts parts = edge.parts();
    Authentication authentication = new Authentication(parts.authenticator());
    RequestReader reader = new RequestReader(edge.limits().requests());
    this.edge = edge;
    this.messages =
        new MessagesPipeline(
            authentication,
            reader,
            parts.models(),
            parts.circuits(),
            parts.inputGuard(),
            parts.turnstile(),
            parts.outputGuard(),
            parts.accounts(),
            edge.meters(),
            parts.time(),
            parts.ids());
    this.countTokens = new CountTokensPipeline(authentication, reader, parts.models());
    this.events = new EventsEndpoint(authentication, edge);
    this.models = new ModelsEndpoint(authentication, parts.models());
    this.system = new SystemEndpoints(edge);
    JsonBody bodies = new JsonBody(edge.limits().requests());
    this.batches =
        parts.batches().map(kept -> new BatchesEndpoint(authentication, bodies, reader, kept));
    this.admin =
        parts
            .administration()
            .map(
                administration ->
                    new AdminRoutes(authentication, bodies, administration)
                        .reports(parts.usage().map(usage -> new AdminUsage(usage, parts.time())))
                        .all())
            .orElse(List.of());
  }

  /** Has the batches run that there are, now that there is a way for their requests. */
  void startBatches() {
    edge.parts().batches().ifPresent(kept -> kept.start(messages, new BatchFormat()));
  }

  /** Has services of this process use the way of the others, and be waited for like them. */
  void attachServices() {
    edge.parts()
        .inProcess()
        .ifPresent(
            services ->
                services.attach(messages, countTokens, edge::workBegun, edge::workFinished));
  }

  /** The table as one event loop serves it. */
  List<Route> on(EventLoop loop) {
    MessagesEndpoints api = new MessagesEndpoints(edge, loop, messages, countTokens, events);
    List<Route> all = new ArrayList<>(own(loop, api));
    batches.ifPresent(endpoint -> all.addAll(of(loop, endpoint)));
    for (AdminRoute route : admin) {
      all.add(new Route(route.method(), route.path(), blocking(loop, route::serve)));
    }
    return all;
  }

  private List<Route> own(EventLoop loop, MessagesEndpoints api) {
    return List.of(
        new Route("POST", "/v1/messages", api::create),
        new Route("POST", "/v1/messages/count_tokens", api::countTokens),
        new Route("GET", "/v1/messages/{message_id}/events", api::events),
        new Route("GET", "/v1/models", blocking(loop, models::list)),
        new Route("GET", "/v1/models/{model_id}", blocking(loop, models::get)),
        new Route("GET", "/", system::name),
        new Route("HEAD", "/", system::nothing),
        new Route("GET", "/healthz", system::health),
        new Route("GET", "/readyz", system::readiness),
        new Route("GET", "/metrics", blocking(loop, system::metrics)));
  }

  private List<Route> of(EventLoop loop, BatchesEndpoint endpoint) {
    String batch = BatchesEndpoint.ROOT + "/{message_batch_id}";
    return List.of(
        new Route("POST", BatchesEndpoint.ROOT, blocking(loop, endpoint::create)),
        new Route("GET", BatchesEndpoint.ROOT, blocking(loop, endpoint::list)),
        new Route("GET", batch, blocking(loop, endpoint::get)),
        new Route("DELETE", batch, blocking(loop, endpoint::delete)),
        new Route("POST", batch + "/cancel", blocking(loop, endpoint::cancel)),
        new Route("GET", batch + "/results", blocking(loop, endpoint::results)));
  }

  private Endpoint blocking(EventLoop loop, Consumer<HttpCall> work) {
    return exchange -> HttpCall.begin(exchange, loop, edge, work);
  }
}
