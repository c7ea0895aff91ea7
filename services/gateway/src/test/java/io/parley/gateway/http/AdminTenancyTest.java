package io.parley.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.parley.gateway.http.AdminServer.Tenant;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * An admin key of one organisation tries every route of the Admin API with the ids of another. The
 * routes are those that the server has, so that a new one is tried without being named here.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init") // set by start
class AdminTenancyTest {
  private static final String ROOT = "/v1/organizations";

  /** For each route that takes a body, one that its own administrator could send. */
  private static final Map<String, String> BODIES =
      Map.of(
          "POST /users",
          "{\"email\":\"new@x\",\"name\":\"New\",\"role\":\"user\"}",
          "POST /users/{user_id}",
          "{\"role\":\"billing\"}",
          "POST /invites",
          "{\"email\":\"guest@x\",\"role\":\"user\"}",
          "POST /workspaces",
          "{\"name\":\"theirs\"}",
          "POST /workspaces/{workspace_id}",
          "{\"name\":\"stolen\"}",
          "POST /workspaces/{workspace_id}/archive",
          "{}",
          "POST /workspaces/{workspace_id}/members",
          "{\"user_id\":\"{user_id}\",\"workspace_role\":\"workspace_user\"}",
          "POST /workspaces/{workspace_id}/members/{user_id}",
          "{\"workspace_role\":\"workspace_admin\"}",
          "POST /api_keys",
          "{\"name\":\"mine\",\"workspace_id\":\"{workspace_id}\"}",
          "POST /api_keys/{api_key_id}",
          "{\"status\":\"archived\"}");

  private AdminServer server;
  private Tenant victim;
  private Tenant thief;
  private final Map<String, String> ids = new HashMap<>();

  @BeforeAll
  void start(@TempDir Path directory) {
    server = new AdminServer(directory);
    victim = server.tenant("victim");
    thief = server.tenant("thief");
    ids.put("workspace_id", id(victim.post(ROOT + "/workspaces", "{\"name\":\"lab\"}")));
    ids.put("user_id", id(victim.post(ROOT + "/users", body("POST /users"))));
    ids.put("invite_id", id(victim.post(ROOT + "/invites", body("POST /invites"))));
    ids.put("api_key_id", id(victim.post(ROOT + "/api_keys", body("POST /api_keys"))));
    victim.post(
        filled(ROOT + "/workspaces/{workspace_id}/members"),
        body("POST /workspaces/{workspace_id}/members"));
    use(victim.post(ROOT + "/api_keys", body("POST /api_keys")));
  }

  /** So that there is something that a report must not show to others. */
  private void use(JsonNode key) {
    server.gateway.models.script(g -> g.start(3).text("Hello").endTurn());
    String secret = key.get("key").textValue();
    assertThat(server.send(secret, "POST", "/v1/messages", TestGateway.body("")).statusCode())
        .isEqualTo(200);
    ids.put("used_key_id", id(key));
    String report = ROOT + "/usage_report/messages" + query("/usage_report/messages");
    assertThat(victim.get(report).toString()).contains(id(key));
  }

  @AfterAll
  void stop() {
    server.close();
  }

  /** What a route cannot do without. */
  private static String query(String route) {
    String groups = route.startsWith("/usage") ? "&group_by%5B%5D=api_key_id" : "";
    Instant yesterday = Instant.now().minus(1, ChronoUnit.DAYS);
    return route.contains("report") ? "?starting_at=" + yesterday + groups : "";
  }

  private static String id(JsonNode object) {
    return object.get("id").asText();
  }

  /** Empty if the route takes none. */
  private String body(String route) {
    return filled(BODIES.getOrDefault(route, ""));
  }

  private String filled(String template) {
    String text = template;
    for (Map.Entry<String, String> id : ids.entrySet()) {
      text = text.replace("{" + id.getKey() + "}", id.getValue());
    }
    return text;
  }

  @TestFactory
  List<DynamicTest> noRouteShowsOrChangesWhatBelongsToAnother() {
    List<String> routes =
        server.gateway.gateway.routes().stream().filter(r -> r.contains(ROOT)).toList();
    assertThat(routes).hasSize(26);
    return routes.stream()
        .map(route -> DynamicTest.dynamicTest(route, () -> tryRoute(route)))
        .toList();
  }

  private void tryRoute(String route) {
    List<Map<String, Object>> before = rowsOf(victim);
    String method = route.substring(0, route.indexOf(' '));
    String template = route.substring(method.length() + 1);
    String body = body(method + " " + template.substring(ROOT.length()));
    assertThat(body.isEmpty()).as("a body for " + route).isEqualTo(!method.equals("POST"));

    String query = query(template.substring(ROOT.length()));
    HttpResponse<String> response = thief.send(method, filled(template) + query, body);

    boolean namesForeignThings =
        template.contains("{") || ids.values().stream().anyMatch(body::contains);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(namesForeignThings ? 404 : 200);
    if (!namesForeignThings) {
      assertThat(response.body())
          .doesNotContain(ids.values())
          .doesNotContain(victim.by().organisationId());
    }
    assertThat(rowsOf(victim)).isEqualTo(before);
  }

  @TestFactory
  List<DynamicTest> whatBelongsToAnotherIsAsAbsentAsWhatWasNeverThere() {
    return server.gateway.gateway.routes().stream()
        .filter(route -> route.startsWith("GET " + ROOT) && route.contains("{"))
        .map(
            route -> {
              String template = route.substring("GET ".length());
              return DynamicTest.dynamicTest(route, () -> compare(template));
            })
        .toList();
  }

  private void compare(String template) {
    String foreign = thief.send("GET", filled(template), "").body();
    String absent = thief.send("GET", template.replaceAll("\\{[a-z_]+}", "none"), "").body();
    for (String id : ids.values()) {
      foreign = foreign.replace(id, "none");
    }
    assertThat(withoutRequestId(foreign)).isEqualTo(withoutRequestId(absent));
  }

  private static String withoutRequestId(String body) {
    return body.replaceAll("req_[0-9A-Z]+", "req");
  }

  @TestFactory
  List<DynamicTest> aListBeginsAtAForeignIdAndShowsNothingForeign() {
    return server.gateway.gateway.routes().stream()
        .filter(route -> route.startsWith("GET " + ROOT + "/") && !route.contains("{"))
        .filter(route -> !route.endsWith("/me") && !route.contains("report"))
        .map(
            route ->
                DynamicTest.dynamicTest(
                    route,
                    () -> {
                      String path = route.substring("GET ".length());
                      for (String cursor : List.of("after_id", "before_id")) {
                        for (String id : ids.values()) {
                          String query = path + "?" + cursor + "=" + id;
                          assertThat(thief.get(query).toString()).doesNotContain(ids.values());
                        }
                      }
                    }))
        .toList();
  }

  /** Every row that has to do with the organisation, in every table. */
  private List<Map<String, Object>> rowsOf(Tenant tenant) {
    return server.database.read(
        handle ->
            handle
                .createQuery("SELECT name FROM sqlite_master WHERE type = 'table'")
                .mapTo(String.class)
                .list()
                .stream()
                .flatMap(
                    table ->
                        handle.createQuery("SELECT * FROM " + table).mapToMap().list().stream())
                .filter(row -> isOf(tenant, row))
                .toList());
  }

  private boolean isOf(Tenant tenant, Map<String, Object> row) {
    return row.containsValue(tenant.by().organisationId())
        || row.values().stream().anyMatch(ids::containsValue);
  }
}
