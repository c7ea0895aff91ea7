package io.parley.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.parley.common.ErrorCode;
import io.parley.ports.model.CachePoint;
import io.parley.ports.model.GenerationRequest;
import io.parley.ports.model.Prompt;
import io.parley.ports.model.StopReason;
import io.parley.ports.model.Usage;
import io.parley.testkit.FakeGeneration;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MessagesTest {
  private final TestGateway server = TestGateway.start();

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void anAnswerIsOneJsonObject() {
    server.models.script(model -> model.start(7).text("Hello").text(" you").endTurn());
    HttpResponse<String> response = post(TestGateway.body(""));
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("content-type")).hasValue("application/json");
    assertThat(response.headers().firstValue("request-id").orElse("")).startsWith("req_");
    JsonNode message = Events.json(response.body());
    assertThat(message.get("id").asText()).startsWith("msg_");
    assertThat(message.get("type").asText()).isEqualTo("message");
    assertThat(message.get("role").asText()).isEqualTo("assistant");
    assertThat(message.get("model").asText()).isEqualTo(TestGateway.MODEL);
    assertThat(message.at("/content/0/type").asText()).isEqualTo("text");
    assertThat(message.at("/content/0/text").asText()).isEqualTo("Hello you");
    assertThat(message.get("stop_reason").asText()).isEqualTo("end_turn");
    assertThat(message.get("stop_sequence").isNull()).isTrue();
    assertThat(message.get("stop_details").isNull()).isTrue();
    assertThat(message.at("/usage/input_tokens").asInt()).isEqualTo(7);
    assertThat(message.at("/usage/output_tokens").asInt()).isEqualTo(3);
    assertThat(message.at("/usage/cache_creation_input_tokens").asInt(-1)).isZero();
    assertThat(message.at("/usage/cache_read_input_tokens").asInt(-1)).isZero();
    assertThat(message.at("/usage/service_tier").asText()).isEqualTo("standard");
  }

  @ParameterizedTest
  @EnumSource(HttpClient.Version.class)
  void aStreamHasItsEventsInOrder(HttpClient.Version version) {
    try (TestGateway other = new TestGateway.Setup().version(version).start()) {
      other.models.script(model -> model.start(7).text("Hello").text(" you").endTurn());
      HttpResponse<String> response =
          other.send(other.post("/v1/messages?beta=true", TestGateway.body(",\"stream\":true")));
      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(response.headers().firstValue("content-type").orElse(""))
          .startsWith("text/event-stream");
      List<Events.Event> events = Events.all(response.body());
      assertThat(Events.names(events))
          .containsExactly(
              "message_start",
              "content_block_start",
              "ping",
              "content_block_delta",
              "content_block_stop",
              "message_delta",
              "message_stop");
      assertThat(events).allMatch(e -> e.name().equals(e.data().get("type").asText()));
      assertThat(Events.text(events)).isEqualTo("Hello you");
      JsonNode start = events.getFirst().data().get("message");
      assertThat(start.get("id").asText()).startsWith("msg_");
      assertThat(start.get("model").asText()).isEqualTo(TestGateway.MODEL);
      assertThat(start.get("content")).isEmpty();
      assertThat(start.get("stop_reason").isNull()).isTrue();
      assertThat(start.at("/usage/input_tokens").asInt()).isEqualTo(7);
      JsonNode delta = events.get(5).data();
      assertThat(delta.at("/delta/stop_reason").asText()).isEqualTo("end_turn");
      assertThat(delta.at("/usage/input_tokens").asInt()).isEqualTo(7);
      assertThat(delta.at("/usage/output_tokens").asInt()).isEqualTo(3);
    }
  }

  @Test
  void textIsWrittenWhileTheModelGoesOn() {
    var opening = server.open(stream());
    FakeGeneration model = server.models.take().start(1);
    HttpResponse<InputStream> response = opening.join();
    Events events = new Events(response.body());
    model.text("one");
    assertThat(events.await("content_block_delta").data().at("/delta/text").asText())
        .isEqualTo("one");
    model.text("two");
    assertThat(events.await("content_block_delta").data().at("/delta/text").asText())
        .isEqualTo("two");
    model.endTurn();
    assertThat(Events.names(events.rest()))
        .containsExactly("content_block_stop", "message_delta", "message_stop");
  }

  @Test
  void everyCharacterArrivesAsItWas() {
    String text = "\"\\/\b\f\n\r\t\u0000\u001f ä ß € 漢字 \u2028 👩‍👩‍👧 𝄞 \u007f";
    server.models.script(
        model -> {
          model.start(1);
          text.codePoints().forEach(c -> model.text(Character.toString(c)));
          model.endTurn();
        });
    assertThat(Events.text(Events.all(server.send(stream()).body()))).isEqualTo(text);
    assertThat(Events.json(post(TestGateway.body("")).body()).at("/content/0/text").asText())
        .isEqualTo(text);
  }

  @ParameterizedTest
  @EnumSource(StopReason.class)
  void everyReasonToStopHasItsName(StopReason reason) {
    String sequence = reason == StopReason.STOP_SEQUENCE ? "END" : null;
    server.models.script(model -> model.start(1).text("x").complete(reason, sequence));
    JsonNode message = Events.json(post(TestGateway.body("")).body());
    assertThat(message.get("stop_reason").asText())
        .isEqualTo(
            switch (reason) {
              case END_TURN -> "end_turn";
              case MAX_TOKENS -> "max_tokens";
              case STOP_SEQUENCE -> "stop_sequence";
              case CONTEXT_WINDOW_EXCEEDED -> "model_context_window_exceeded";
            });
    assertThat(message.get("stop_sequence").textValue()).isEqualTo(sequence);
  }

  @Test
  void theModelGetsWhatTheClientAskedFor() {
    server.models.script(model -> model.start(1).endTurn());
    String body =
        """
        {"model":"claude-anything","max_tokens":64000,"system":"Be brief.",
         "messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b"}],
         "temperature":0.5,"top_k":3,"top_p":0.9,"stop_sequences":["X","Y"]}
        """;
    JsonNode message = Events.json(post(body).body());
    GenerationRequest request = server.models.take().request();
    assertThat(request.modelId()).isEqualTo(TestGateway.MODEL);
    assertThat(request.organisation()).isEqualTo("org_1");
    assertThat(request.requestId()).startsWith("req_");
    assertThat(request.maxTokens()).isEqualTo(64_000);
    assertThat(request.sampling().temperature()).isEqualTo(0.5);
    assertThat(request.sampling().topK()).isEqualTo(3);
    assertThat(request.sampling().topP()).isEqualTo(0.9);
    assertThat(request.stopSequences()).containsExactly("X", "Y");
    assertThat(request.prompt())
        .isEqualTo(
            new Prompt(
                "Be brief.",
                List.of(
                    new Prompt.Turn(Prompt.Role.USER, "a"),
                    new Prompt.Turn(Prompt.Role.ASSISTANT, "b"))));
    assertThat(message.get("model").asText()).isEqualTo(TestGateway.MODEL);
  }

  @Test
  void whatTheCodingAssistantSendsIsServedAndWhatIsNotUsedIsSaid() throws IOException {
    server.models.script(model -> model.start(1).text("Hello.").endTurn());
    HttpResponse<String> response =
        server.send(server.post("/v1/messages?beta=true", claudeCodeRequest()));
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    assertThat(Events.text(Events.all(response.body()))).isEqualTo("Hello.");
    assertThat(response.headers().firstValue("parley-notice").orElse(""))
        .contains("tools: offered, but parley-test cannot call tools")
        .contains("thinking: parley-test answers without thinking")
        .contains("context_management: ")
        .contains("output_config.effort: ");
    Prompt prompt = server.models.take().request().prompt();
    assertThat(prompt.turns()).hasSize(1);
    assertThat(prompt.turns().getFirst().text()).endsWith("</system-reminder>\n\nhi");
    assertThat(prompt.system()).contains("Available agent types");
  }

  @Test
  void usageTellsWhatTheCacheWasWorth() {
    server.models.script(model -> model.start(new Usage(5, 0, 16, 32)).text("a").endTurn());
    String marked = ",\"system\":[{\"type\":\"text\",\"text\":\"Be brief.\",\"cache_control\":%s}]";
    String anHour = marked.formatted("{\"type\":\"ephemeral\",\"ttl\":\"1h\"}");
    assertUsage(Events.json(post(TestGateway.body(anHour)).body()).get("usage"), 0, 16);
    String minutes = marked.formatted("{\"type\":\"ephemeral\"}");
    List<Events.Event> events =
        Events.all(post(TestGateway.body(",\"stream\":true" + minutes)).body());
    assertUsage(events.getFirst().data().at("/message/usage"), 16, 0);
    JsonNode end = events.get(events.size() - 2).data().get("usage");
    assertThat(end.get("input_tokens").asInt()).isEqualTo(5);
    assertThat(end.get("cache_creation_input_tokens").asInt()).isEqualTo(16);
    assertThat(end.get("cache_read_input_tokens").asInt()).isEqualTo(32);
    assertThat(server.models.take().request().prompt().cachePoint())
        .isEqualTo(new CachePoint(CachePoint.IN_SYSTEM, "Be brief.".length()));
    assertThat(server.meters.get("parley.tokens.cache.read").counter().count()).isEqualTo(64);
    assertThat(server.meters.get("parley.tokens.cache.creation").counter().count()).isEqualTo(32);
  }

  private static void assertUsage(JsonNode usage, int minutes, int anHour) {
    assertThat(usage.get("input_tokens").asInt()).isEqualTo(5);
    assertThat(usage.get("cache_creation_input_tokens").asInt()).isEqualTo(16);
    assertThat(usage.get("cache_read_input_tokens").asInt()).isEqualTo(32);
    assertThat(usage.at("/cache_creation/ephemeral_5m_input_tokens").asInt()).isEqualTo(minutes);
    assertThat(usage.at("/cache_creation/ephemeral_1h_input_tokens").asInt()).isEqualTo(anHour);
  }

  @Test
  void aRequestWithTooManyCacheMarkersIsRefused() {
    String block = "{\"type\":\"text\",\"text\":\"a\",\"cache_control\":{\"type\":\"ephemeral\"}}";
    String five = String.join(",", Collections.nCopies(5, block));
    HttpResponse<String> response = post(TestGateway.body(",\"system\":[" + five + "]"));
    assertThat(response.statusCode()).isEqualTo(400);
    assertError(
        response,
        "invalid_request_error",
        "system.4.cache_control: at most 4 blocks may have cache_control, and this is one more");
  }

  @Test
  void aStreamThatFailsBeforeItsPromptIsTakenUpIsAnErrorResponse() {
    server.models.script(model -> model.fail(ErrorCode.OVERLOADED, "no room"));
    HttpResponse<String> response = server.send(stream());
    assertThat(response.statusCode()).isEqualTo(529);
    assertError(response, "overloaded_error", "no room");
  }

  @Test
  void aRefusalSaysWhenToTryAgain() {
    server.models.script(model -> model.refuse("no room", 12_345));
    HttpResponse<String> response = server.send(stream());
    assertThat(response.statusCode()).isEqualTo(529);
    assertThat(response.headers().firstValue("retry-after")).hasValue("13");
    assertThat(response.headers().firstValue("retry-after-ms")).hasValue("12345");
  }

  @Test
  void theTimeInTheQueueIsInTheHead() {
    Usage prompt = new Usage(1, 0);
    server.models.script(model -> model.start(prompt, 250).endTurn());
    assertThat(post(TestGateway.body("")).headers().firstValue("parley-queue-ms")).hasValue("250");
    server.models.script(model -> model.start(prompt, 17).endTurn());
    assertThat(server.send(stream()).headers().firstValue("parley-queue-ms")).hasValue("17");
  }

  @Test
  void aRequestWithoutExtrasHasNoNotice() {
    server.models.script(model -> model.start(1).endTurn());
    assertThat(post(TestGateway.body("")).headers().firstValue("parley-notice")).isEmpty();
  }

  @Test
  void aFailureBeforeTheAnswerIsAnErrorResponse() {
    server.models.script(model -> model.start(1).fail(ErrorCode.OVERLOADED, "no room"));
    HttpResponse<String> response = post(TestGateway.body(""));
    assertThat(response.statusCode()).isEqualTo(529);
    assertThat(response.headers().firstValue("retry-after")).isPresent();
    assertError(response, "overloaded_error", "no room");
  }

  @Test
  void aFailureInTheStreamIsAnErrorEvent() {
    server.models.script(model -> model.start(1).text("a").fail(ErrorCode.API, "broke"));
    List<Events.Event> events = Events.all(server.send(stream()).body());
    assertThat(events.getLast().name()).isEqualTo("error");
    assertThat(events.getLast().data().at("/error/type").asText()).isEqualTo("api_error");
    assertThat(events.getLast().data().at("/error/message").asText()).isEqualTo("broke");
    assertThat(events.getLast().data().get("request_id").asText()).startsWith("req_");
    assertThat(Events.names(events)).doesNotContain("message_stop");
  }

  @Test
  void textThatWasHeldBackComesBeforeTheErrorOfATimeLimit() {
    server.models.script(model -> model.start(1).text("a").fail(ErrorCode.TIMEOUT, "12 s passed"));
    List<Events.Event> events = Events.all(server.send(stream()).body());
    assertThat(Events.text(events)).isEqualTo("a");
    assertThat(events.getLast().data().at("/error/type").asText()).isEqualTo("timeout_error");
  }

  @Test
  void aTimeLimitIsAGatewayTimeoutForWhoDoesNotStream() {
    server.models.script(model -> model.start(1).text("a").fail(ErrorCode.TIMEOUT, "12 s passed"));
    HttpResponse<String> response = post(TestGateway.body(""));
    assertThat(response.statusCode()).isEqualTo(504);
    assertError(response, "timeout_error", "12 s passed");
  }

  @Test
  void countTokensCountsThePrompt() {
    HttpResponse<String> response =
        server.send(
            server.post(
                "/v1/messages/count_tokens",
                """
                {"model":"parley-test","system":"be brief",
                 "messages":[{"role":"user","content":"one two three"}]}
                """));
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(Events.json(response.body()).get("input_tokens").asInt()).isEqualTo(5);
  }

  @Test
  void countTokensTakesNoMaxTokens() {
    HttpResponse<String> response =
        server.send(server.post("/v1/messages/count_tokens", TestGateway.body("")));
    assertThat(response.statusCode()).isEqualTo(400);
    assertError(response, "invalid_request_error", "max_tokens: Extra inputs are not permitted");
  }

  @Test
  void figuresAreKept() {
    server.models.script(model -> model.start(7).text("a").text("b").endTurn());
    post(TestGateway.body(""));
    assertThat(server.meters.get("parley.tokens.input").counter().count()).isEqualTo(7);
    assertThat(server.meters.get("parley.tokens.output").counter().count()).isEqualTo(3);
    assertThat(server.meters.get("parley.messages.ttft").timer().count()).isEqualTo(1);
  }

  static String claudeCodeRequest() throws IOException {
    try (InputStream file =
        Objects.requireNonNull(
            MessagesTest.class.getResourceAsStream("/claude-code-request.json"))) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  static void assertError(HttpResponse<String> response, String type, String message) {
    JsonNode error = Events.json(response.body());
    assertThat(error.get("type").asText()).isEqualTo("error");
    assertThat(error.at("/error/type").asText()).isEqualTo(type);
    assertThat(error.at("/error/message").asText()).isEqualTo(message);
    assertThat(error.get("request_id").asText())
        .isEqualTo(response.headers().firstValue("request-id").orElse("none"));
  }

  private HttpResponse<String> post(String body) {
    return server.send(server.post("/v1/messages", body));
  }

  private java.net.http.HttpRequest.Builder stream() {
    return server.post("/v1/messages", TestGateway.body(",\"stream\":true"));
  }
}
