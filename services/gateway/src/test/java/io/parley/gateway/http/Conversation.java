package io.parley.gateway.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A conversation with a server in which every operation that answers in JSON occurs. */
final class Conversation {
  private static final String ORG = "/v1/organizations";
  private static final String MESSAGE =
      "{\"model\":\"%s\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}"
          .formatted(TestGateway.MODEL);

  /** What answers with events, or with nothing. */
  static final Set<String> STREAMS =
      Set.of("GET /operations/v1/stream", "GET /v1/messages/{message_id}/events", "HEAD /");

  /**
   * Each with the kind of key, the method, the path, the body, and the name under which the id in
   * the answer is known afterwards; {@code <name>} stands for one.
   */
  static final List<List<String>> WITH_EVERY_OPERATION =
      List.of(
          List.of("api", "GET", "/", ""),
          List.of("api", "GET", "/healthz", ""),
          List.of("api", "GET", "/readyz", ""),
          List.of("api", "GET", "/metrics", ""),
          List.of("api", "GET", "/v1/models", ""),
          List.of("api", "GET", "/v1/models/" + TestGateway.MODEL, ""),
          List.of("api", "POST", "/v1/messages", MESSAGE),
          List.of(
              "api", "POST", "/v1/messages/count_tokens", MESSAGE.replace("\"max_tokens\":9,", "")),
          List.of(
              "api",
              "POST",
              "/v1/messages/batches",
              "{\"requests\":[{\"custom_id\":\"a\",\"params\":" + MESSAGE + "}]}",
              "batch"),
          List.of("api", "GET", "/v1/messages/batches", ""),
          List.of("api", "POST", "/v1/messages/batches/<batch>/cancel", ""),
          List.of("api", "GET", "/v1/messages/batches/<batch>", ""),
          List.of("api", "GET", "/v1/messages/batches/<batch>/results", ""),
          List.of("api", "DELETE", "/v1/messages/batches/<batch>", ""),
          List.of("admin", "GET", ORG + "/me", ""),
          List.of(
              "admin",
              "POST",
              ORG + "/invites",
              "{\"email\":\"ada@x.org\",\"role\":\"developer\"}",
              "invite"),
          List.of("admin", "GET", ORG + "/invites", ""),
          List.of("admin", "GET", ORG + "/invites/<invite>", ""),
          List.of("admin", "DELETE", ORG + "/invites/<invite>", ""),
          List.of(
              "admin",
              "POST",
              ORG + "/users",
              "{\"email\":\"bob@x.org\",\"name\":\"Bob\",\"role\":\"user\"}",
              "user"),
          List.of("admin", "GET", ORG + "/users", ""),
          List.of("admin", "GET", ORG + "/users/<user>", ""),
          List.of("admin", "POST", ORG + "/users/<user>", "{\"role\":\"billing\"}"),
          List.of("admin", "POST", ORG + "/workspaces", "{\"name\":\"lab\"}", "lab"),
          List.of("admin", "GET", ORG + "/workspaces", ""),
          List.of("admin", "GET", ORG + "/workspaces/<lab>", ""),
          List.of("admin", "POST", ORG + "/workspaces/<lab>", "{\"name\":\"Lab\"}"),
          List.of(
              "admin",
              "POST",
              ORG + "/workspaces/<lab>/members",
              "{\"user_id\":\"<user>\",\"workspace_role\":\"workspace_user\"}"),
          List.of("admin", "GET", ORG + "/workspaces/<lab>/members", ""),
          List.of("admin", "GET", ORG + "/workspaces/<lab>/members/<user>", ""),
          List.of(
              "admin",
              "POST",
              ORG + "/workspaces/<lab>/members/<user>",
              "{\"workspace_role\":\"workspace_admin\"}"),
          List.of("admin", "DELETE", ORG + "/workspaces/<lab>/members/<user>", ""),
          List.of("admin", "POST", ORG + "/api_keys", "{\"name\":\"k\"}", "key"),
          List.of("admin", "GET", ORG + "/api_keys", ""),
          List.of("admin", "GET", ORG + "/api_keys/<key>", ""),
          List.of("admin", "POST", ORG + "/api_keys/<key>", "{\"status\":\"inactive\"}"),
          List.of("admin", "POST", ORG + "/workspaces/<lab>/archive", ""),
          List.of("admin", "DELETE", ORG + "/users/<user>", ""),
          List.of(
              "admin", "GET", ORG + "/usage_report/messages?starting_at=2026-01-01T00:00:00Z", ""),
          List.of("admin", "GET", ORG + "/cost_report?starting_at=2026-01-01T00:00:00Z", ""),
          List.of("operations", "GET", "/operations/v1/overview", ""),
          List.of("operations", "GET", "/operations/v1/errors", ""),
          List.of("operations", "GET", "/operations/v1/requests", "", "request"),
          List.of("operations", "GET", "/operations/v1/requests/<request>", ""));

  private Conversation() {}

  static String filled(String text, Map<String, String> ids) {
    String filled = text;
    for (Map.Entry<String, String> id : ids.entrySet()) {
      filled = filled.replace("<" + id.getKey() + ">", id.getValue());
    }
    return filled;
  }

  static void note(List<String> call, HttpResponse<String> response, Map<String, String> ids) {
    if (call.size() > 4) {
      JsonNode answer = Events.json(response.body());
      JsonNode id = answer.has("id") ? answer.get("id") : answer.at("/latest/data/0/request_id");
      ids.put(call.get(4), id.textValue());
    }
  }
}
