package io.parley.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ModelsAndSystemTest {
  private final TestGateway server = TestGateway.start();

  @AfterAll
  void stop() {
    server.close();
  }

  @Test
  void modelsAreListedNewestFirst() {
    JsonNode page = get("/v1/models");
    assertThat(page.get("data").findValuesAsText("id"))
        .containsExactly("parley-test", "parley-older");
    assertThat(page.get("has_more").asBoolean()).isFalse();
    assertThat(page.get("first_id").asText()).isEqualTo("parley-test");
    assertThat(page.get("last_id").asText()).isEqualTo("parley-older");
    JsonNode model = page.at("/data/0");
    assertThat(model.get("type").asText()).isEqualTo("model");
    assertThat(model.get("display_name").asText()).isEqualTo("Fake parley-test");
    assertThat(model.get("created_at").asText()).isEqualTo("2026-01-02T03:04:05Z");
    assertThat(model.get("max_input_tokens").asInt()).isEqualTo(2048);
  }

  @ParameterizedTest
  @CsvSource({
    "limit=1,                               parley-test,  true",
    "limit=2,                               'parley-test,parley-older', false",
    "limit=1&after_id=parley-test,          parley-older, false",
    "after_id=parley-older,                 '',           false",
    "limit=1&before_id=parley-older,        parley-test,  false",
    "before_id=parley-test,                 '',           false",
  })
  void pagesAreCutByLimitAndId(String query, String ids, boolean more) {
    JsonNode page = get("/v1/models?" + query);
    assertThat(String.join(",", page.get("data").findValuesAsText("id"))).isEqualTo(ids);
    assertThat(page.get("has_more").asBoolean()).isEqualTo(more);
    assertThat(page.get("first_id").isNull()).isEqualTo(ids.isEmpty());
  }

  @ParameterizedTest
  @CsvSource({
    "limit=0,                      limit: must be an integer from 1 to 1000",
    "limit=1001,                   limit: must be an integer from 1 to 1000",
    "limit=ten,                    limit: must be an integer from 1 to 1000",
    "after_id=x,                   after_id: must be the id of a model",
    "before_id=x,                  before_id: must be the id of a model",
    "before_id=x&after_id=y,       before_id: cannot be combined",
  })
  void aWrongPageIsRefusedByName(String query, String message) {
    HttpResponse<String> response = server.send(server.request("/v1/models?" + query));
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(Events.json(response.body()).at("/error/message").asText()).startsWith(message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"parley-test", "claude-anything", "parley%2Dtest"})
  void aModelIsFoundByIdAndAlias(String name) {
    assertThat(get("/v1/models/" + name).get("id").asText()).isEqualTo("parley-test");
  }

  @Test
  void anUnknownModelIsNotFound() {
    assertThat(server.send(server.request("/v1/models/x")).statusCode()).isEqualTo(404);
    assertThat(server.send(server.request("/v1/models/%25zz")).statusCode()).isEqualTo(404);
  }

  @Test
  void theServerTellsWhatItIsAndHowItIs() {
    assertThat(get("/").get("service").asText()).isEqualTo("parley");
    assertThat(get("/healthz").get("status").asText()).isEqualTo("ok");
    assertThat(get("/readyz").get("status").asText()).isEqualTo("ready");
  }

  @Test
  void headOfTheRootIsEmpty() {
    HttpResponse<String> response =
        server.send(server.request("/").method("HEAD", BodyPublishers.noBody()));
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEmpty();
  }

  @Test
  void anErrorToHeadHasNoBody() throws IOException {
    try (RawConnection client = new RawConnection(server)) {
      assertThat(client.head("HEAD /healthz").readHead()).startsWith("HTTP/1.1 405 ");
      assertThat(client.head("GET /healthz").readHead()).startsWith("HTTP/1.1 200 ");
    }
  }

  @Test
  void metricsAreServedAsGiven() {
    HttpResponse<String> response = server.send(server.request("/metrics"));
    assertThat(response.body()).isEqualTo("# figures\n");
    assertThat(response.headers().firstValue("content-type").orElse(""))
        .startsWith("text/plain; version=0.0.4");
  }

  private JsonNode get(String path) {
    HttpResponse<String> response = server.send(server.request(path));
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return Events.json(response.body());
  }
}
