package io.parley.web;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Answers while they are written, and who follows them. Belongs to one event loop. */
final class StubAnswers {
  private static final int PIECE_CHARS = 5;
  private static final int PIECE_MS = 2;

  private final Vertx vertx;
  private final StubDevices devices;
  private final Map<String, Set<HttpServerResponse>> viewers = new HashMap<>();

  /** What every answer says. */
  String text = "An answer.";

  /** How far answers come, in characters. */
  int holdAt = Integer.MAX_VALUE;

  StubAnswers(Vertx vertx, StubDevices devices) {
    this.vertx = vertx;
    this.devices = devices;
  }

  /** Writes the answer from where its text ends. */
  void write(JsonObject conversation, JsonObject message) {
    String id = message.getString("id");
    message.put("status", "streaming");
    conversation.put("answering_id", id).put("head_id", id);
    StubChats.written(conversation);
    devices.publish("conversation", conversation);
    devices.publishMessage(message);
    String whole = text;
    vertx.setPeriodic(
        PIECE_MS,
        timer -> {
          int written = StubChats.text(message).length();
          String status = message.getString("status");
          if (status.equals("partial")) {
            vertx.cancelTimer(timer);
          } else if (status.equals("stopped") || written >= whole.length()) {
            vertx.cancelTimer(timer);
            finish(conversation, message);
          } else if (written < holdAt) {
            int end = Math.min(Math.min(written + PIECE_CHARS, holdAt), whole.length());
            append(message, whole.substring(written, end));
          }
        });
  }

  private void append(JsonObject message, String piece) {
    StubChats.append(message, piece);
    toViewers(message, "delta", new JsonObject().put("text", piece));
  }

  private void finish(JsonObject conversation, JsonObject message) {
    if (message.getString("status").equals("streaming")) {
      message.put("status", "complete").put("stop_reason", "end_turn");
    }
    message.put("usage", new JsonObject().put("input_tokens", 3).put("output_tokens", 4));
    JsonObject usage = conversation.getJsonObject("usage");
    usage.put("input_tokens", usage.getInteger("input_tokens") + 3);
    usage.put("output_tokens", usage.getInteger("output_tokens") + 4);
    conversation.putNull("answering_id");
    toViewers(message, "message", message);
    viewers.getOrDefault(message.getString("id"), Set.of()).forEach(HttpServerResponse::end);
    viewers.remove(message.getString("id"));
    devices.publishMessage(message);
    devices.publish("conversation", conversation);
  }

  private void toViewers(JsonObject message, String type, JsonObject data) {
    String id = message.getString("id");
    String event = StubCall.event(id + ":" + StubChats.text(message).length(), type, data);
    viewers.getOrDefault(id, Set.of()).forEach(viewer -> viewer.write(event));
  }

  /** The stream of one answer, from the position that the request names. */
  void follow(StubCall call, JsonObject message) {
    String id = message.getString("id");
    String text = StubChats.text(message);
    String position = call.request().getHeader("last-event-id");
    int offset =
        position == null ? 0 : Integer.parseInt(position.substring(position.indexOf(':') + 1));
    HttpServerResponse response = call.stream();
    if (offset > text.length()) {
      response.end(StubCall.event("", "gap", new JsonObject().put("message", "not kept")));
      return;
    }
    String end = id + ":" + text.length();
    if (offset < text.length()) {
      var rest = new JsonObject().put("text", text.substring(offset));
      response.write(StubCall.event(end, "delta", rest));
    }
    if (message.getString("status").equals("streaming")) {
      viewers.computeIfAbsent(id, key -> new HashSet<>()).add(response);
      response.closeHandler(gone -> viewers.getOrDefault(id, new HashSet<>()).remove(response));
    } else {
      response.end(StubCall.event(end, "message", message));
    }
  }

  void forgetViewers() {
    viewers.clear();
  }
}
