package io.parley.web;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.util.Objects;

/** One request to the stub of the chat service. Belongs to its event loop. */
record StubCall(HttpServerRequest request, Buffer body) {
  static final String API = "/chat/v1";

  static String path(HttpServerRequest request) {
    return Objects.requireNonNull(request.path());
  }

  /** A part of the path, the first after the base path being 0; empty if there is none. */
  String part(int index) {
    String[] parts = path(request).substring(API.length() + 1).split("/", -1);
    return index < parts.length ? parts[index] : "";
  }

  boolean is(HttpMethod method) {
    return request.method().equals(method);
  }

  boolean reads() {
    return is(HttpMethod.GET);
  }

  String parameter(String name) {
    return request.getParam(name, "");
  }

  JsonObject json() {
    return body.length() == 0 ? new JsonObject() : body.toJsonObject();
  }

  void reply(int status, JsonObject reply) {
    request
        .response()
        .setStatusCode(status)
        .putHeader("content-type", "application/json")
        .end(reply.encode());
  }

  void done(int status) {
    request.response().setStatusCode(status).end();
  }

  void refuse(int status, String type, String message) {
    refuse(status, type, message, new JsonObject());
  }

  void refuse(int status, String type, String message, JsonObject more) {
    JsonObject error = new JsonObject().put("type", type).put("message", message);
    reply(status, new JsonObject().put("type", "error").put("error", error).mergeIn(more));
  }

  HttpServerResponse stream() {
    HttpServerResponse response = request.response().setChunked(true);
    response.putHeader("content-type", "text/event-stream").putHeader("cache-control", "no-store");
    return response;
  }

  static String event(String id, String type, JsonObject data) {
    String head = id.isEmpty() ? "" : "id: " + id + "\n";
    return "%sevent: %s\ndata: %s\n\n".formatted(head, type, data.encode());
  }
}
