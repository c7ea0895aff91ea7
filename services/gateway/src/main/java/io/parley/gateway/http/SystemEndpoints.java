package io.parley.gateway.http;

import java.nio.charset.StandardCharsets;

/** What operators and their tools ask: is it there, is it well, is it ready, how is it doing. */
final class SystemEndpoints {
  private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";
  private static final byte[] NOTHING = {};

  private final Edge edge;

  SystemEndpoints(Edge edge) {
    this.edge = edge;
  }

  /** {@code GET /}. */
  void name(Exchange exchange) {
    exchange.reply(
        200,
        Json.bytes(
            json -> {
              json.writeStartObject();
              json.writeStringField("service", "parley");
              json.writeStringField("api", "/v1/messages");
              json.writeEndObject();
            }));
  }

  /** {@code HEAD /}: some clients look whether anybody is there. */
  void nothing(Exchange exchange) {
    exchange.reply(200, NOTHING);
  }

  /** {@code GET /healthz}: the process answers. */
  void health(Exchange exchange) {
    exchange.reply(200, status("ok"));
  }

  /** {@code GET /readyz}: it takes requests, and has a model to answer them. */
  void readiness(Exchange exchange) {
    if (edge.isDraining()) {
      exchange.reply(503, status("shutting down"));
    } else if (edge.parts().models().models().isEmpty()) {
      exchange.reply(503, status("no model is loaded"));
    } else {
      exchange.reply(200, status("ready"));
    }
  }

  /** {@code GET /metrics}. */
  void metrics(HttpCall call) {
    byte[] text = edge.parts().metricsText().get().getBytes(StandardCharsets.UTF_8);
    call.reply(200, PROMETHEUS, text);
  }

  private static byte[] status(String status) {
    return Json.bytes(
        json -> {
          json.writeStartObject();
          json.writeStringField("status", status);
          json.writeEndObject();
        });
  }
}
