package io.parley.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.parley.gateway.identity.KeyKind;
import io.parley.gateway.messages.FieldTables;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The published description and the server must not drift apart. */
class OpenApiTest {
  private final DescribedApi description = DescribedApi.published();
  private final JsonNode api = description.root();

  @Test
  void everyRouteIsDescribedAndEveryDescriptionIsARoute(@TempDir Path directory) {
    try (AdminServer server = new AdminServer(directory)) {
      assertThat(server.gateway.gateway.routes())
          .containsExactlyInAnyOrderElementsOf(description.operations());
    }
  }

  @Test
  void everyFieldOfARequestIsDescribedAndTheReverse() {
    assertThat(fields("MessagesRequest")).isEqualTo(FieldTables.messages());
    assertThat(fields("CountTokensRequest")).isEqualTo(FieldTables.countTokens());
  }

  /** Each operation is asked once at least; what other tests get is checked in passing. */
  @Test
  void everyOperationAnswersAsItIsDescribed(@TempDir Path directory) {
    try (AdminServer server = new AdminServer(directory)) {
      server.gateway.models.script(g -> g.start(5).text("Hello").endTurn());
      Map<String, String> ids = new HashMap<>();
      AdminServer.Tenant acme = server.tenant("Acme");
      Set<String> asked = new TreeSet<>();
      for (List<String> call : Conversation.WITH_EVERY_OPERATION) {
        String key =
            switch (call.get(0)) {
              case "admin" -> acme.adminKey();
              case "api" -> server.key(acme.by(), KeyKind.API);
              default -> server.key(acme.by(), KeyKind.OPERATIONS);
            };
        String path = Conversation.filled(call.get(2), ids);
        if (path.endsWith("/results")) {
          awaitEnd(server, key, path.replace("/results", ""));
        }
        HttpResponse<String> response =
            server.send(key, call.get(1), path, Conversation.filled(call.get(3), ids));
        assertThat(response.statusCode()).as(path + " " + response.body()).isEqualTo(200);
        asked.add(description.operation(call.get(1), path.replaceAll("[?].*", "")).orElseThrow());
        Conversation.note(call, response, ids);
      }
      Set<String> all = new TreeSet<>(description.operations());
      all.removeAll(Conversation.STREAMS);
      assertThat(asked).isEqualTo(all);
    }
  }

  private static void awaitEnd(AdminServer server, String key, String batch) {
    while (!server.send(key, "GET", batch, "").body().contains("\"ended\"")) {
      Thread.onSpinWait();
    }
  }

  @Test
  void aResponseThatIsNotAsDescribedIsFound() {
    String models = "GET /v1/models/{model_id}";
    assertThat(
            description.problems(
                models,
                200,
                Events.json("{\"type\":\"model\",\"id\":7,\"extra\":1,\"created_at\":\"x\"}")))
        .containsExactlyInAnyOrder(
            models + " lacks display_name",
            models + ".id should be \"string\", was 7",
            models + " has a field that is not described: extra");
    assertThat(description.problems(models, 302, Events.json("{}")))
        .containsExactly(models + " does not describe the status 302");
    assertThat(description.problems(models, 404, Events.json("{\"type\":\"error\"}"))).isNotEmpty();
  }

  @Test
  void everyReferenceHasATarget() {
    for (JsonNode reference : api.findValues("$ref")) {
      String path = reference.textValue();
      assertThat(api.at(path.substring(1)).isMissingNode()).as(path).isFalse();
    }
  }

  @Test
  void everyErrorTypeIsDescribed() {
    Set<String> types = new TreeSet<>();
    api.at("/components/schemas/Error/properties/error/properties/type/enum")
        .forEach(type -> types.add(type.textValue()));
    Set<String> codes = new TreeSet<>();
    for (io.parley.common.ErrorCode code : io.parley.common.ErrorCode.values()) {
      codes.add(code.wireName());
    }
    assertThat(types).isEqualTo(codes);
  }

  private Set<String> fields(String schema) {
    Set<String> fields = new TreeSet<>();
    api.at("/components/schemas/" + schema + "/properties")
        .fieldNames()
        .forEachRemaining(fields::add);
    return fields;
  }
}
