package io.parley.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.parley.common.ErrorCode;
import io.parley.gateway.Authenticator;
import io.parley.gateway.Principal;
import io.parley.gateway.Scope;
import io.parley.ports.model.Share;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OperationsTest {
  private static final String OPERATIONS_KEY = "sk-parley-ops-test";
  private static final Principal OPERATOR =
      new Principal("org_0", Optional.empty(), "opskey_1", Set.of(Scope.OPERATIONS), Share.EQUAL);
  private static final Authenticator KEYS =
      secret ->
          switch (secret) {
            case TestGateway.KEY -> Optional.of(TestGateway.PRINCIPAL);
            case OPERATIONS_KEY -> Optional.of(OPERATOR);
            default -> Optional.empty();
          };

  private final TestGateway server = new TestGateway.Setup().authenticator(KEYS).start();

  @AfterEach
  void stop() {
    server.close();
  }

  private HttpRequest.Builder asOperator(String path) {
    return server.request("/operations/v1" + path).setHeader("x-api-key", OPERATIONS_KEY);
  }

  private JsonNode get(String path) {
    HttpResponse<String> response = server.send(asOperator(path));
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return Events.json(response.body());
  }

  /** Asks, and returns the id of the request. */
  private String ask() {
    HttpResponse<String> response = server.send(server.post("/v1/messages", TestGateway.body("")));
    return response.headers().firstValue("request-id").orElseThrow();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/overview", "/stream", "/errors", "/requests", "/requests/req_1"})
  void onlyAnOperationsKeySeesIt(String path) {
    assertThat(server.send(server.request("/operations/v1" + path)).statusCode()).isEqualTo(403);
  }

  @Test
  void theOverviewHasWhatHappened() {
    server.models.script(model -> model.start(7).text("a").text("b").endTurn());
    ask();
    server.observation.tick();
    JsonNode point = get("/overview").get("series").get(0);
    assertThat(point.get("ok").asInt()).isEqualTo(1);
    assertThat(point.get("input_tokens").asInt()).isEqualTo(7);
    assertThat(point.get("output_tokens").asInt()).isEqualTo(3);
    assertThat(point.at("/ttft_ms/count").asInt()).isEqualTo(1);
    assertThat(point.at("/inter_token_ms/count").asInt()).isEqualTo(1);
  }

  @Test
  void whoWaitsAndWhoRunsIsInTheOverview() {
    var open = server.open(server.post("/v1/messages", TestGateway.body(",\"stream\":true")));
    var generation = server.models.take();
    JsonNode waiting = get("/overview").get("queue");
    assertThat(waiting.at("/by_class/0/waiting").asInt()).isEqualTo(1);
    assertThat(waiting.at("/by_organization/0/organization_id").asText()).isEqualTo("org_1");
    assertThat(waiting.at("/by_organization/0/organization_name").asText()).isEqualTo("Acme");
    generation.start(1).text("a").endTurn();
    assertThat(open.join().statusCode()).isEqualTo(200);
  }

  @Test
  void aRequestHasAWaterfallOfItsStages() {
    server.models.script(model -> model.start(7).text("a").endTurn());
    JsonNode request = get("/requests/" + ask());
    assertThat(request.get("outcome").asText()).isEqualTo("answered");
    assertThat(request.get("organization_id").asText()).isEqualTo("org_1");
    assertThat(request.get("output_tokens").asInt()).isEqualTo(2);
    List<String> stages =
        StreamSupport.stream(request.get("stages").spliterator(), false)
            .map(stage -> stage.get("stage").asText())
            .toList();
    assertThat(stages)
        .containsSubsequence(
            "dispatch", "authenticate", "read", "claim", "circuit", "fit", "input_gate")
        .containsSubsequence("limits", "queue", "prefill", "decode", "output_gate", "settle");
  }

  @Test
  void whatFailedIsListedWithWhoseFaultItWas() {
    server.models.script(model -> model.start(1).fail(ErrorCode.API, "the model broke"));
    String failed = ask();
    server.send(server.post("/v1/messages", "{\"secret\":\"do not show\"}"));
    server.send(server.post("/v1/messages", TestGateway.body("")).setHeader("x-api-key", "no"));
    JsonNode errors = get("/errors").get("data");
    assertThat(errors).hasSize(3);
    assertThat(errors.get(0).get("outcome").asText()).isEqualTo("authentication_error");
    assertThat(errors.get(1).get("fault").asText()).isEqualTo("client");
    assertThat(errors.get(1).get("message").asText()).isEmpty();
    assertThat(errors.get(2).get("request_id").asText()).isEqualTo(failed);
    assertThat(errors.get(2).get("fault").asText()).isEqualTo("server");
    assertThat(errors.get(2).get("message").asText()).isEqualTo("the model broke");
    assertThat(errors.get(2).get("organization_name").asText()).isEqualTo("Acme");
    assertThat(errors.get(0).get("organization_name").isNull()).isTrue();
    assertThat(get("/overview").get("recent_errors")).isEqualTo(errors);
  }

  @Test
  void theOverviewHasTheLatestEightErrors() {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      server.models.script(model -> model.start(1).fail(ErrorCode.API, "the model broke"));
      ids.add(ask());
    }
    JsonNode errors = get("/overview").get("recent_errors");
    assertThat(errors).hasSize(8);
    assertThat(errors.get(0).get("request_id").asText()).isEqualTo(ids.get(8));
    assertThat(errors.get(7).get("request_id").asText()).isEqualTo(ids.get(1));
  }

  @Test
  void aRequestThatIsNotKnownIsNotFound() {
    assertThat(server.send(asOperator("/requests/req_unknown")).statusCode()).isEqualTo(404);
    assertThat(server.send(asOperator("/overview?x=1")).statusCode()).isEqualTo(400);
  }

  @Test
  void theStreamSendsAnOverviewAgainAndAgain() throws IOException {
    HttpResponse<InputStream> response = server.open(asOperator("/stream")).join();
    assertThat(response.headers().firstValue("content-type").orElse(""))
        .startsWith("text/event-stream");
    List<String> events = new ArrayList<>();
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
      while (events.size() < 2) {
        String line = lines.readLine();
        if (line.startsWith("data: ")) {
          events.add(line.substring(6));
        }
      }
    }
    assertThat(events)
        .allSatisfy(
            data -> assertThat(Events.json(data).get("type").asText()).isEqualTo("overview"));
  }
}
