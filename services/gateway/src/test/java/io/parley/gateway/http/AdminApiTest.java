package io.parley.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.parley.gateway.Scope;
import io.parley.gateway.administration.KeyFilter;
import io.parley.gateway.administration.KeySpec;
import io.parley.gateway.administration.KeyStatus;
import io.parley.gateway.administration.OrganisationRole;
import io.parley.gateway.administration.PageRequest;
import io.parley.gateway.http.AdminServer.Tenant;
import io.parley.gateway.identity.KeyKind;
import io.parley.ports.model.Share;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The Admin API over raw HTTP: shapes, errors and who may do what. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init") // set by start
class AdminApiTest {
  private static final String ROOT = "/v1/organizations";

  private AdminServer server;
  private Tenant acme;

  @BeforeAll
  void start(@TempDir Path directory) {
    server = new AdminServer(directory);
    acme = server.tenant("Acme");
  }

  @AfterAll
  void stop() {
    server.close();
  }

  @Test
  void tellsWhoseKeyItIs() {
    JsonNode me = acme.get(ROOT + "/me");
    assertThat(me.get("type").asText()).isEqualTo("organization");
    assertThat(me.get("id").asText()).isEqualTo(acme.by().organisationId());
    assertThat(me.get("name").asText()).isEqualTo("Acme");
    assertThat(me.get("tier").asText()).isEqualTo("standard");
  }

  @Test
  void aKeyIsMadeShownOnceAndTakenBack() {
    Tenant tenant = server.tenant("keys");
    JsonNode made =
        tenant.post(
            ROOT + "/api_keys",
            """
            {"name":"build","scopes":["models"],"expires_at":"2099-01-02T03:04:05Z"}""");
    String secret = made.get("key").asText();
    assertThat(secret).matches("sk-parley-[0-9A-Za-z]{43}");
    assertThat(made.get("type").asText()).isEqualTo("api_key");
    assertThat(made.get("status").asText()).isEqualTo("active");
    assertThat(made.get("expires_at").asText()).isEqualTo("2099-01-02T03:04:05Z");
    assertThat(made.get("workspace_id").isNull()).isTrue();
    assertThat(made.at("/scope/type").asText()).isEqualTo("organization");
    assertThat(made.at("/created_by/type").asText()).isEqualTo("service_account");
    assertThat(made.at("/created_by/id").asText()).startsWith("adminkey_");
    assertThat(made.get("partial_key_hint").asText()).isEqualTo(secret.substring(0, 14) + "...");

    assertThat(server.send(secret, "GET", "/v1/models", "").statusCode()).isEqualTo(200);
    String path = ROOT + "/api_keys/" + made.get("id").asText();
    JsonNode seen = tenant.get(path);
    assertThat(seen.has("key")).isFalse();
    assertThat(seen.toString()).doesNotContain(secret);
    assertThat(seen.get("last_used_at").isNull()).isFalse();

    JsonNode changed = tenant.post(path, "{\"name\":\"new\",\"status\":\"inactive\"}");
    assertThat(changed.get("name").asText()).isEqualTo("new");
    assertThat(changed.get("status").asText()).isEqualTo("inactive");
  }

  @Test
  void aListIsPagedAndFiltered() {
    Tenant tenant = server.tenant("pages");
    String workspace = tenant.post(ROOT + "/workspaces", "{\"name\":\"lab\"}").get("id").asText();
    for (int i = 0; i < 3; i++) {
      tenant.post(ROOT + "/api_keys", "{\"name\":\"k" + i + "\"}");
    }
    String inLab =
        tenant
            .post(ROOT + "/api_keys", "{\"name\":\"lab\",\"workspace_id\":\"" + workspace + "\"}")
            .get("id")
            .asText();
    JsonNode first = tenant.get(ROOT + "/api_keys?limit=2");
    assertThat(first.get("data").findValuesAsText("name")).containsExactly("lab", "k2");
    assertThat(first.get("has_more").asBoolean()).isTrue();
    assertThat(first.get("first_id").asText()).isEqualTo(inLab);
    String last = first.get("last_id").asText();
    JsonNode second = tenant.get(ROOT + "/api_keys?beta=true&limit=2&after_id=" + last);
    assertThat(second.get("data").findValuesAsText("name")).containsExactly("k1", "k0");
    assertThat(second.get("has_more").asBoolean()).isFalse();
    JsonNode before = tenant.get(ROOT + "/api_keys?before_id=" + last);
    assertThat(before.get("data").findValuesAsText("name")).containsExactly("lab");
    JsonNode ofLab = tenant.get(ROOT + "/api_keys?status=active&workspace_id=" + workspace);
    assertThat(ofLab.get("data")).hasSize(1);
    assertThat(ofLab.at("/data/0/id").asText()).isEqualTo(inLab);
    assertThat(ofLab.at("/data/0/scope/workspace_id").asText()).isEqualTo(workspace);
    assertThat(tenant.get(ROOT + "/api_keys?status=archived").get("first_id").isNull()).isTrue();
  }

  @Test
  void peopleAreInvitedTakenInAndRemoved() {
    Tenant tenant = server.tenant("people");
    JsonNode invite =
        tenant.post(ROOT + "/invites", "{\"email\":\"ada@x.org\",\"role\":\"developer\"}");
    assertThat(invite.get("type").asText()).isEqualTo("invite");
    assertThat(invite.get("status").asText()).isEqualTo("pending");
    JsonNode user =
        tenant.post(
            ROOT + "/users", "{\"email\":\"ada@x.org\",\"name\":\"Ada\",\"role\":\"developer\"}");
    String path = ROOT + "/users/" + user.get("id").asText();
    assertThat(tenant.get(ROOT + "/invites/" + invite.get("id").asText()).get("status").asText())
        .isEqualTo("accepted");
    assertThat(tenant.get(ROOT + "/users?email=ada@x.org").get("data")).containsExactly(user);
    assertThat(tenant.post(path, "{\"role\":\"billing\"}").get("role").asText())
        .isEqualTo("billing");
    HttpResponse<String> removed = tenant.send("DELETE", path, "");
    assertThat(Events.json(removed.body()).get("type").asText()).isEqualTo("user_deleted");
    assertError(tenant.send("GET", path, ""), 404, "not_found_error", "user_id: there is no user");
  }

  @Test
  void anInviteIsListedAndTakenBack() {
    Tenant tenant = server.tenant("invites");
    String id =
        tenant
            .post(ROOT + "/invites", "{\"email\":\"bob@x.org\",\"role\":\"user\"}")
            .get("id")
            .asText();
    assertThat(tenant.get(ROOT + "/invites").get("data").findValuesAsText("id"))
        .containsExactly(id);
    HttpResponse<String> deleted = tenant.send("DELETE", ROOT + "/invites/" + id, "");
    assertThat(Events.json(deleted.body()).get("type").asText()).isEqualTo("invite_deleted");
    assertThat(tenant.get(ROOT + "/invites/" + id).get("status").asText()).isEqualTo("deleted");
  }

  @Test
  void aWorkspaceHasMembersUntilItIsArchived() {
    Tenant tenant = server.tenant("workspaces");
    JsonNode lab =
        tenant.post(ROOT + "/workspaces", "{\"name\":\"lab\",\"display_color\":\"#102030\"}");
    String path = ROOT + "/workspaces/" + lab.get("id").asText();
    assertThat(lab.get("archived_at").isNull()).isTrue();
    assertThat(tenant.post(path, "{\"name\":\"Lab 2\"}").get("display_color").asText())
        .isEqualTo("#102030");
    String user =
        tenant
            .post(ROOT + "/users", "{\"email\":\"c@x\",\"name\":\"C\",\"role\":\"user\"}")
            .get("id")
            .asText();
    JsonNode member =
        tenant.post(
            path + "/members",
            "{\"user_id\":\"" + user + "\",\"workspace_role\":\"workspace_user\"}");
    assertThat(member.get("type").asText()).isEqualTo("workspace_member");
    String memberPath = path + "/members/" + user;
    assertThat(
            tenant
                .post(memberPath, "{\"workspace_role\":\"workspace_admin\"}")
                .get("workspace_role")
                .asText())
        .isEqualTo("workspace_admin");
    assertThat(tenant.get(path + "/members").get("last_id").asText()).isEqualTo(user);
    assertThat(tenant.get(memberPath).get("user_id").asText()).isEqualTo(user);
    HttpResponse<String> removed = tenant.send("DELETE", memberPath, "");
    assertThat(Events.json(removed.body()).get("type").asText())
        .isEqualTo("workspace_member_deleted");
    assertThat(tenant.post(path + "/archive", "").get("archived_at").isNull()).isFalse();
    assertThat(tenant.get(ROOT + "/workspaces").get("data")).isEmpty();
    assertThat(tenant.get(ROOT + "/workspaces?include_archived=true").get("data")).hasSize(1);
    assertError(
        tenant.send("POST", path, "{\"name\":\"x\"}"), 409, "conflict_error", "workspace_id: ");
  }

  @Test
  void whoHoldsAnAdminKeyIsRecordedAsWhoChangedThings() {
    Tenant tenant = server.tenant("record");
    tenant.post(ROOT + "/workspaces", "{\"name\":\"lab\"}");
    var newest =
        server.administration.changes().list(tenant.by(), PageRequest.first(1)).items().getFirst();
    assertThat(newest.action()).isEqualTo("workspace.create");
    assertThat(newest.actor().id()).startsWith("adminkey_");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "GET|/api_keys?limit=0||limit: must be an integer from 1 to 1000",
        "GET|/api_keys?limit=ten||limit: must be an integer from 1 to 1000",
        "GET|/api_keys?limit=1001||limit: must be an integer from 1 to 1000",
        "GET|/api_keys?after_id=a&before_id=b||before_id: cannot be combined",
        "GET|/api_keys?after_id=%27||after_id: must be an id",
        "GET|/api_keys?status=gone||status: must be one of active",
        "GET|/api_keys?color=red||color: this path has no such query parameter",
        "GET|/me?limit=1||limit: this path has no such query parameter",
        "GET|/workspaces?include_archived=maybe||include_archived: must be true or false",
        "POST|/api_keys|{}|name: Field required",
        "POST|/api_keys|[]|body: must be a JSON object",
        "POST|/api_keys|{\"name\":\"\"}|name: must have 1 to 500 characters",
        "POST|/api_keys|{\"name\":7}|name: must be a string",
        "POST|/api_keys|{\"name\":\"k\",\"scopes\":[\"admin:read\"]}|scopes.0: must be",
        "POST|/api_keys|{\"name\":\"k\",\"scopes\":[]}|scopes: must be at least one of",
        "POST|/api_keys|{\"name\":\"k\",\"expires_at\":\"soon\"}|expires_at: must be a time",
        "POST|/api_keys|{\"name\":\"k\",\"expires_at\":\"2001-01-01T00:00:00Z\"}|expires_at: must",
        "POST|/api_keys|{\"name\":\"k\",\"role\":\"x\"}|role: Extra inputs",
        "POST|/users|{\"email\":\"x\",\"name\":\"n\",\"role\":\"user\"}|email: must be a mail",
        "POST|/users|{\"email\":\"x@y\",\"name\":\"n\",\"role\":\"king\"}|role: must be",
        "POST|/workspaces|{\"name\":\"n\",\"display_color\":\"red\"}|display_color: must be",
        "POST|/workspaces|{\"name\":\"n\",\"tags\":{}}|tags: Extra inputs",
      })
  void whatIsWrongIsRefusedByName(String method, String path, String body, String message) {
    HttpResponse<String> response =
        acme.send(method, ROOT + path, Optional.ofNullable(body).orElse(""));
    assertError(response, 400, "invalid_request_error", message);
  }

  @Test
  void onlyTheOperatorMakesAnAdmin() {
    assertError(
        acme.send("POST", ROOT + "/users", "{\"email\":\"x@y\",\"name\":\"n\",\"role\":\"admin\"}"),
        403,
        "permission_error",
        "role: ");
    assertError(
        acme.send("POST", ROOT + "/invites", "{\"email\":\"x@y\",\"role\":\"admin\"}"),
        403,
        "permission_error",
        "role: ");
    assertThat(server.administration.members().list(acme.by(), Optional.empty(), first()).items())
        .noneMatch(member -> member.role() == OrganisationRole.ADMIN);
  }

  private static PageRequest first() {
    return PageRequest.first(100);
  }

  @Test
  void everyRefusedKeyIsRefusedInTheSameWords() {
    Tenant tenant = server.tenant("refused");
    String revoked = server.key(tenant.by(), KeyKind.ADMIN);
    String id =
        server
            .administration
            .apiKeys()
            .list(tenant.by(), KeyKind.ADMIN, KeyFilter.ALL, first())
            .items()
            .getFirst()
            .id();
    server
        .administration
        .apiKeys()
        .update(tenant.by(), KeyKind.ADMIN, id, Optional.empty(), Optional.of(KeyStatus.ARCHIVED));
    String unknown = "sk-parley-admin-" + "x".repeat(43);
    for (String key : Set.of(revoked, unknown, "nonsense")) {
      assertError(
          server.send(key, "GET", ROOT + "/me", ""),
          401,
          "authentication_error",
          "invalid x-api-key");
    }
  }

  @Test
  void aKeyIsGoodForItsScopesOnly() {
    String api = server.key(acme.by(), KeyKind.API);
    assertError(
        server.send(api, "GET", ROOT + "/me", ""), 403, "permission_error", "x-api-key: the key");
    assertError(
        server.send(acme.adminKey(), "POST", "/v1/messages", TestGateway.body("")),
        403,
        "permission_error",
        "x-api-key: the key lacks the scope \"messages\"");
    assertError(
        server.send(acme.adminKey(), "GET", "/v1/models", ""),
        403,
        "permission_error",
        "x-api-key: the key lacks the scope \"models\"");
  }

  @Test
  void aKeyThatMayOnlyReadChangesNothing() {
    String reader =
        server
            .administration
            .apiKeys()
            .create(
                acme.by(),
                new KeySpec(
                    KeyKind.ADMIN,
                    "reader",
                    Optional.empty(),
                    Set.of(Scope.ADMIN_READ),
                    Optional.empty()))
            .secret();
    assertThat(server.send(reader, "GET", ROOT + "/users", "").statusCode()).isEqualTo(200);
    assertError(
        server.send(reader, "POST", ROOT + "/workspaces", "{\"name\":\"x\"}"),
        403,
        "permission_error",
        "x-api-key: the key lacks the scope \"admin:write\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"adminkey_x", "key_none", "%27%20OR%201=1", "x%2Fy"})
  void aKeyThatIsNotThereIsNotFound(String id) {
    assertError(
        acme.send("GET", ROOT + "/api_keys/" + id, ""), 404, "not_found_error", "api_key_id: ");
  }

  @Test
  void anAdminKeyIsNoApiKeyToTheApi() {
    String id =
        server
            .administration
            .apiKeys()
            .list(acme.by(), KeyKind.ADMIN, KeyFilter.ALL, first())
            .items()
            .getFirst()
            .id();
    assertThat(acme.send("GET", ROOT + "/api_keys/" + id, "").statusCode()).isEqualTo(404);
    assertThat(
            acme.send("POST", ROOT + "/api_keys/" + id, "{\"status\":\"archived\"}").statusCode())
        .isEqualTo(404);
  }

  @Test
  void theShareOfTheTierReachesTheModel() {
    String api = server.key(acme.by(), KeyKind.API);
    server.gateway.models.script(generation -> generation.start(1).endTurn());
    HttpResponse<String> response = server.send(api, "POST", "/v1/messages", TestGateway.body(""));
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(server.gateway.models.take().request().share()).isEqualTo(new Share(1, 16));
  }

  private static void assertError(
      HttpResponse<String> response, int status, String type, String message) {
    JsonNode body = Events.json(response.body());
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    assertThat(body.get("type").asText()).isEqualTo("error");
    assertThat(body.at("/error/type").asText()).isEqualTo(type);
    assertThat(body.at("/error/message").asText()).startsWith(message);
    assertThat(body.get("request_id").asText())
        .isEqualTo(response.headers().firstValue("request-id").orElse(""));
  }
}
