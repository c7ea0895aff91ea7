package io.parley.web;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;

/** A server with the console's pages that speaks the Operations API as it is described. */
final class OperationsStub implements AutoCloseable {
  static final String KEY = "sk-parley-ops-stub";
  static final String FAILED = "req_01KAX3TQ8AJ4M2FAILED";

  private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
  private static final List<String> STAGES =
      List.of("dispatch", "authenticate", "read", "queue", "prefill", "decode", "settle");

  private final Vertx vertx = Vertx.vertx();
  private final BiConsumer<HttpServerRequest, Runnable> files = WebFiles.handler(vertx);
  private final Set<HttpServerResponse> streams = ConcurrentHashMap.newKeySet();
  private final AtomicInteger served = new AtomicInteger();
  private final HttpServer server =
      vertx.createHttpServer().requestHandler(this::handle).listen(0).await();

  String url() {
    return "http://localhost:" + server.actualPort();
  }

  /** Cuts all streams, as a server that goes down does. */
  void cut() {
    streams.forEach(HttpServerResponse::reset);
    streams.clear();
  }

  private void handle(HttpServerRequest request) {
    String path = Objects.requireNonNullElse(request.path(), "");
    if (!path.startsWith("/operations/v1")) {
      files.accept(request, () -> {});
    } else if (!KEY.equals(request.getHeader("x-api-key"))) {
      error(request, 401, "invalid x-api-key");
    } else {
      answer(request, path.substring("/operations/v1".length()));
    }
  }

  private void answer(HttpServerRequest request, String path) {
    switch (path) {
      case "/overview" -> json(request, overview());
      case "/stream" -> stream(request.response());
      case "/errors" -> json(request, new JsonObject().put("data", new JsonArray().add(failed())));
      case "/requests" -> {
        var none = new JsonObject().put("data", new JsonArray());
        json(request, new JsonObject().put("latest", none).put("slow", none.copy()));
      }
      case "/requests/" + FAILED -> json(request, waterfall());
      default -> error(request, 404, "request_id: there is no such request, or it is too long ago");
    }
  }

  private void stream(HttpServerResponse response) {
    response.putHeader("content-type", "text/event-stream").setChunked(true);
    streams.add(response);
    response.write("event: overview\ndata: " + overview().encode() + "\n\n");
  }

  private static void json(HttpServerRequest request, JsonObject body) {
    request.response().putHeader("content-type", "application/json").end(body.encode());
  }

  private static void error(HttpServerRequest request, int status, String message) {
    request.response().setStatusCode(status);
    json(request, new JsonObject().put("error", new JsonObject().put("message", message)));
  }

  /** A little more each time, so that it can be seen to be live. */
  private JsonObject overview() {
    int running = 40 + served.incrementAndGet();
    return new JsonObject()
        .put("type", "overview")
        .put("at", NOW.toString())
        .put("series", series())
        .put("queue", queue(running))
        .put("models", new JsonArray().add(model("base", "closed")).add(model("mini", "open")))
        .put("organizations_slowed", 1)
        .put("organizations", new JsonArray().add(organisation()))
        .put("slos", new JsonArray().add(slo()))
        .put("recent_errors", new JsonArray().add(failed()).add(nameless()));
  }

  private static JsonArray series() {
    var points = new JsonArray();
    for (int i = 0; i < 120; i++) {
      double wave = 1 + Math.sin(i / 9.0) / 2;
      points.add(
          new JsonObject()
              .put("at", NOW.minusSeconds(5L * (120 - i)).toString())
              .put("seconds", 5)
              .put("ok", (int) (200 * wave))
              .put("client_errors", i % 4)
              .put("limited", i % 10)
              .put("server_errors", i > 80 && i < 90 ? 20 : 0)
              .put("input_tokens", (int) (40_000 * wave))
              .put("output_tokens", (int) (20_000 * wave))
              .put("ttft_ms", percentiles(120 * wave, i))
              .put("inter_token_ms", percentiles(14 * wave, i)));
    }
    return points;
  }

  private static JsonObject percentiles(double p50, int i) {
    int count = i > 30 && i < 36 ? 0 : 200;
    return new JsonObject()
        .put("count", count)
        .put("p50", count == 0 ? 0 : p50)
        .put("p95", count == 0 ? 0 : 2 * p50)
        .put("p99", count == 0 ? 0 : 3 * p50);
  }

  private static JsonObject queue(int running) {
    return new JsonObject()
        .put(
            "by_class",
            new JsonArray()
                .add(load("class", "interactive", 7, running))
                .add(load("class", "batch", 90, 4)))
        .put(
            "by_organization",
            new JsonArray()
                .add(
                    load("organization_id", "org_01HX3TQ8AJ4WAITS", 97, running)
                        .put("organization_name", "Acme & <Sons>")));
  }

  private static JsonObject load(String kind, String name, int waiting, int running) {
    return new JsonObject().put(kind, name).put("waiting", waiting).put("running", running);
  }

  private static JsonObject model(String name, String circuit) {
    return new JsonObject()
        .put("model", name)
        .put("circuit", circuit)
        .put("waiting", 3)
        .put("running", 50)
        .put("kv_blocks", 8_192)
        .put("kv_blocks_used", 5_000)
        .put("kv_blocks_idle", 1_800)
        .put("preemptions", 31);
  }

  private static JsonObject organisation() {
    var limit =
        new JsonObject()
            .put("model", "base")
            .put("limit", "input_tokens")
            .put("used", 190_000)
            .put("size", 200_000);
    return new JsonObject()
        .put("organization_id", "org_01HX3TQ8AJ4SPENDS")
        .put("organization_name", "Globex")
        .put("spent_micros", 8_120_000)
        .put("held_micros", 400_000)
        .put("budget_micros", 10_000_000)
        .put("limits", new JsonArray().add(limit));
  }

  private static JsonObject slo() {
    return new JsonObject()
        .put("slo", "availability")
        .put("model", "base")
        .put("objective", 0.999)
        .put("threshold_ms", 0)
        .put("window_days", 30)
        .put("good", 183_000)
        .put("bad", 160)
        .put("budget_left", 0.126)
        .put("alerts", new JsonArray().add(alert("fast", 14.4, 22)).add(alert("slow", 6, 2)));
  }

  private static JsonObject alert(String name, double factor, double burn) {
    return new JsonObject()
        .put("alert", name)
        .put("severity", "page")
        .put("factor", factor)
        .put("long_burn", burn)
        .put("short_burn", burn)
        .put("firing", burn > factor);
  }

  private static JsonObject failed() {
    return new JsonObject()
        .put("request_id", FAILED)
        .put("organization_id", "org_01HX3TQ8AJ4SPENDS")
        .put("organization_name", "Globex")
        .put("model", "base")
        .put("class", "interactive")
        .put("outcome", "api_error")
        .put("fault", "server")
        .put("message", "<b>Internal</b> error")
        .put("ended_at", NOW.toString())
        .put("total_ms", 1_200.4)
        .put("ttft_ms", 240);
  }

  /** Of a request whose key is not known. */
  private static JsonObject nameless() {
    return failed()
        .put("request_id", "req_01KAX3TQ8AJ4M2NOBODY")
        .put("organization_id", "unknown")
        .putNull("organization_name")
        .put("outcome", "authentication_error")
        .put("fault", "client")
        .put("message", "")
        .putNull("ttft_ms");
  }

  private static JsonObject waterfall() {
    var stages = new JsonArray();
    double[] ends = {0.2, 0.4, 1.1, 80.2, 240.1, 1_190, 1_200.4};
    for (int i = 0; i < ends.length; i++) {
      stages.add(
          new JsonObject()
              .put("stage", STAGES.get(i))
              .put("start_ms", i == 0 ? 0 : ends[i - 1])
              .put("end_ms", ends[i]));
    }
    return failed()
        .put("api_key_id", "key_1")
        .put("received_at", NOW.toString())
        .put("input_tokens", 412)
        .put("cache_creation_tokens", 0)
        .put("cache_read_tokens", 2_048)
        .put("output_tokens", 93)
        .put("stages", stages);
  }

  @Override
  public void close() {
    vertx.close().await();
  }
}
