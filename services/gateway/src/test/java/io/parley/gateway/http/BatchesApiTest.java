package io.parley.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.parley.common.ErrorCode;
import io.parley.gateway.administration.KeySpec;
import io.parley.gateway.batches.BatchLimits;
import io.parley.gateway.identity.KeyKind;
import io.parley.ports.model.ServiceClass;
import io.parley.ports.model.Usage;
import io.parley.testkit.FakeGeneration;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Message batches as the SDKs speak of them. */
@SuppressWarnings("NullAway.Init") // set before each
class BatchesApiTest {
  private static final String ROOT = "/v1/messages/batches";

  @TempDir Path directory;
  private AdminServer server;
  private AdminServer.Tenant tenant;
  private String key;

  @BeforeEach
  void start() {
    server = new AdminServer(directory);
    tenant = server.tenant("ours");
    key = server.key(tenant.by(), KeyKind.API);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private void restart(BatchLimits limits) {
    server.close();
    server = new AdminServer(directory, limits);
  }

  private static String batch(String... requests) {
    return "{\"requests\":[" + String.join(",", requests) + "]}";
  }

  private static String request(String customId, String text) {
    return """
    {"custom_id":"%s","params":{"model":"%s","max_tokens":100,"messages":[{"role":"user","content":"%s"}]}}"""
        .formatted(customId, TestGateway.MODEL, text);
  }

  private static String[] requests(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> request("r-" + i, "words " + i))
        .toArray(String[]::new);
  }

  private JsonNode send(String method, String path, String body) {
    HttpResponse<String> response = server.send(key, method, path, body);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return Events.json(response.body());
  }

  private JsonNode create(String... requests) {
    return send("POST", ROOT, batch(requests));
  }

  private JsonNode awaitEnd(JsonNode batch) {
    String path = ROOT + "/" + batch.get("id").textValue();
    Instant patience = Instant.now().plusSeconds(30);
    JsonNode now = send("GET", path, "");
    while (!now.get("processing_status").textValue().equals("ended")) {
      assertThat(Instant.now()).as(now.toString()).isBefore(patience);
      Thread.onSpinWait();
      now = send("GET", path, "");
    }
    return now;
  }

  private Map<String, JsonNode> results(JsonNode batch) {
    HttpResponse<String> response =
        server.send(key, "GET", ROOT + "/" + batch.get("id").textValue() + "/results", "");
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    assertThat(response.headers().firstValue("content-type")).contains("application/x-jsonl");
    return response
        .body()
        .lines()
        .map(Events::json)
        .collect(
            Collectors.toMap(
                line -> line.get("custom_id").textValue(), line -> line.get("result")));
  }

  private JsonNode result(JsonNode batch, String customId) {
    return Objects.requireNonNull(results(batch).get(customId), customId);
  }

  private static void counts(
      JsonNode batch, int succeeded, int errored, int canceled, int expired) {
    JsonNode counts = batch.get("request_counts");
    assertThat(
            List.of(
                counts.get("processing").intValue(),
                counts.get("succeeded").intValue(),
                counts.get("errored").intValue(),
                counts.get("canceled").intValue(),
                counts.get("expired").intValue()))
        .containsExactly(0, succeeded, errored, canceled, expired);
  }

  private void answerAll() {
    server.gateway.models.script(g -> g.start(new Usage(5, 0)).text("Hello").endTurn());
  }

  @Test
  void aBatchRunsAndItsResultsAreLines() {
    answerAll();
    JsonNode made = create(requests(3));
    assertThat(made.get("type").textValue()).isEqualTo("message_batch");
    assertThat(made.get("id").textValue()).startsWith("msgbatch_");
    assertThat(made.get("processing_status").textValue()).isEqualTo("in_progress");
    assertThat(made.at("/request_counts/processing").intValue()).isEqualTo(3);
    assertThat(made.get("results_url").isNull()).isTrue();
    assertThat(made.get("archived_at").isNull()).isTrue();
    assertThat(time(made, "expires_at"))
        .isEqualTo(time(made, "created_at").plus(Duration.ofDays(1)));

    JsonNode ended = awaitEnd(made);
    counts(ended, 3, 0, 0, 0);
    assertThat(ended.get("results_url").textValue())
        .isEqualTo(
            "http://127.0.0.1:%d/v1/messages/batches/%s/results"
                .formatted(server.gateway.gateway.port(), made.get("id").textValue()));
    assertThat(ended.get("ended_at").isNull()).isFalse();

    Map<String, JsonNode> results = results(ended);
    assertThat(results).containsOnlyKeys("r-0", "r-1", "r-2");
    JsonNode result = result(ended, "r-1");
    assertThat(result.get("type").textValue()).isEqualTo("succeeded");
    assertThat(result.at("/message/content/0/text").textValue()).isEqualTo("Hello");
    assertThat(result.at("/message/stop_reason").textValue()).isEqualTo("end_turn");
    assertThat(result.at("/message/usage/service_tier").textValue()).isEqualTo("batch");
    assertThat(result.at("/message/usage/output_tokens").intValue()).isEqualTo(2);
  }

  private static Instant time(JsonNode batch, String field) {
    return OffsetDateTime.parse(batch.get(field).textValue()).toInstant();
  }

  @Test
  void itsRequestsGiveWayToOthersAndCostHalf() {
    answerAll();
    awaitEnd(create(requests(4)));
    FakeGeneration generation = server.gateway.models.take();
    assertThat(generation.request().serviceClass()).isEqualTo(ServiceClass.BATCH);
    assertThat(generation.request().organisation()).isEqualTo(tenant.by().organisationId());
    String today = "?starting_at=" + Instant.now().minus(Duration.ofDays(1));
    List<String> amounts =
        tenant.get("/v1/organizations/cost_report" + today).findValuesAsText("amount");
    // 4 times 5 plain tokens at 0.05 and 2 written at 0.20 dollars for a million
    assertThat(amounts).containsExactly("0.00026");
  }

  @Test
  void whatCannotBeAnsweredErrsAloneAndSaysWhy() {
    answerAll();
    JsonNode ended =
        awaitEnd(
            create(
                request("good", "hi"),
                request("bad", "hi").replace(TestGateway.MODEL, "no-such-model")));
    counts(ended, 1, 1, 0, 0);
    JsonNode error = result(ended, "bad");
    assertThat(error.get("type").textValue()).isEqualTo("errored");
    assertThat(error.at("/error/type").textValue()).isEqualTo("error");
    assertThat(error.at("/error/error/type").textValue()).isEqualTo("not_found_error");
    assertThat(error.at("/error/error/message").textValue()).isEqualTo("model: no-such-model");
    assertThat(error.at("/error/request_id").textValue()).startsWith("req_");
  }

  @Test
  void whatHasNoEffectIsSaidBesideTheMessage() {
    answerAll();
    JsonNode ended =
        awaitEnd(
            create(
                request("plain", "hi"),
                request("noted", "hi")
                    .replace("\"max_tokens\"", "\"fallbacks\":[],\"max_tokens\"")));
    JsonNode noted = result(ended, "noted");
    assertThat(noted.get("type").textValue()).isEqualTo("succeeded");
    assertThat(noted.get("parley_notice").textValue()).startsWith("fallbacks: not tried");
    assertThat(noted.at("/message/content/0/text").textValue()).isEqualTo("Hello");
    assertThat(result(ended, "plain").properties()).hasSize(2);
  }

  @Test
  void aModelThatAnsweredInTheOthersPlaceIsSaidBesideTheMessage() {
    server.close();
    server =
        new AdminServer(
            directory, BatchLimits.DEFAULTS, Map.of(TestGateway.MODEL, TestGateway.OLDER_MODEL));
    server.gateway.models.script(g -> g.start(5).fail(ErrorCode.API, "broken"));
    for (int i = 0; i < 20; i++) {
      server.send(key, "POST", "/v1/messages", TestGateway.body(""));
    }
    answerAll();
    JsonNode result = result(awaitEnd(create(requests(1))), "r-0");
    assertThat(result.at("/message/model").textValue()).isEqualTo(TestGateway.OLDER_MODEL);
    assertThat(result.get("parley_model_fallback").textValue()).isEqualTo(TestGateway.MODEL);
  }

  @Test
  void aRequestWithoutRoomIsTriedAgainUntilThereIsSome() {
    AtomicInteger tries = new AtomicInteger();
    server.gateway.models.script(
        g -> {
          if (tries.incrementAndGet() < 3) {
            g.refuse("no room", 1);
          } else {
            g.start(5).text("Hello").endTurn();
          }
        });
    counts(awaitEnd(create(requests(1))), 1, 0, 0, 0);
    assertThat(tries).hasValue(3);
  }

  @Test
  void aFaultIsTriedAFewTimesAndThenAnError() {
    AtomicInteger tries = new AtomicInteger();
    restart(new BatchLimits(10, 10, 1, 2, Duration.ofHours(1), Duration.ofMillis(100)));
    server.gateway.models.script(
        g -> {
          tries.incrementAndGet();
          g.start(5).fail(ErrorCode.API, "broken");
        });
    JsonNode ended = awaitEnd(create(requests(1)));
    counts(ended, 0, 1, 0, 0);
    assertThat(tries).hasValue(2);
    assertThat(result(ended, "r-0").at("/error/error/message").textValue()).isEqualTo("broken");
  }

  @Test
  void cancelingLeavesWhatRunsAndStopsTheRest() {
    restart(new BatchLimits(100, 10, 2, 3, Duration.ofHours(1), Duration.ofSeconds(1)));
    JsonNode made = create(requests(10));
    FakeGeneration first = server.gateway.models.take();
    FakeGeneration second = server.gateway.models.take();
    String path = ROOT + "/" + made.get("id").textValue();
    JsonNode canceling = send("POST", path + "/cancel", "");
    assertThat(canceling.get("processing_status").textValue()).isEqualTo("canceling");
    assertThat(canceling.get("cancel_initiated_at").isNull()).isFalse();
    assertThat(server.send(key, "GET", path + "/results", "").statusCode()).isEqualTo(404);
    assertThat(server.send(key, "DELETE", path, "").statusCode()).isEqualTo(409);
    first.start(5).text("Hello").endTurn();
    second.start(5).text("Hello").endTurn();
    JsonNode ended = awaitEnd(made);
    counts(ended, 2, 0, 8, 0);
    assertThat(result(ended, "r-9").toString()).isEqualTo("{\"type\":\"canceled\"}");
    assertThat(send("POST", path + "/cancel", "").get("processing_status").textValue())
        .isEqualTo("ended");
  }

  @Test
  void whatHasNotBegunInTimeExpires() {
    restart(new BatchLimits(100, 10, 1, 3, Duration.ofMillis(300), Duration.ofSeconds(1)));
    JsonNode made = create(requests(3));
    FakeGeneration first = server.gateway.models.take();
    while (Instant.now().isBefore(time(made, "expires_at"))) {
      Thread.onSpinWait();
    }
    first.start(5).text("Hello").endTurn();
    JsonNode ended = awaitEnd(made);
    counts(ended, 1, 0, 0, 2);
    assertThat(result(ended, "r-2").toString()).isEqualTo("{\"type\":\"expired\"}");
  }

  @Test
  void afterARestartNoRequestIsLostAndNoneIsDoneTwice() {
    Map<String, AtomicInteger> answered = new ConcurrentHashMap<>();
    AtomicInteger begun = new AtomicInteger();
    restart(new BatchLimits(100, 10, 4, 3, Duration.ofHours(1), Duration.ofSeconds(1)));
    server.gateway.models.script(
        g -> {
          if (begun.incrementAndGet() % 3 == 0) {
            g.start(5).text("Half");
          } else {
            answer(g, answered);
          }
        });
    JsonNode made = create(requests(40));
    while (begun.get() < 6) {
      Thread.onSpinWait();
    }
    restart(new BatchLimits(100, 10, 4, 3, Duration.ofHours(1), Duration.ofSeconds(1)));
    server.gateway.models.script(g -> answer(g, answered));
    JsonNode ended = awaitEnd(made);
    counts(ended, 40, 0, 0, 0);
    assertThat(results(ended)).hasSize(40);
    assertThat(answered).hasSize(40);
    assertThat(answered.values()).allMatch(times -> times.get() == 1);
    assertThat(billed()).isEqualTo(40);
  }

  private static void answer(FakeGeneration g, Map<String, AtomicInteger> answered) {
    String prompt = g.request().prompt().turns().getFirst().text();
    answered.computeIfAbsent(prompt, text -> new AtomicInteger()).incrementAndGet();
    g.start(5).text("Hello").endTurn();
  }

  /** Events that cost something. */
  private long billed() {
    return server.database.read(
        handle ->
            handle
                .createQuery("SELECT count(*) FROM usage_events WHERE output_nanos > 0")
                .mapTo(Long.class)
                .one());
  }

  @Test
  void aLargeBatchDoesNotHoldUpASmallOne() {
    restart(new BatchLimits(1_000, 10, 1, 3, Duration.ofHours(1), Duration.ofSeconds(1)));
    JsonNode large = create(requests(50));
    FakeGeneration first = server.gateway.models.take();
    JsonNode small = create(request("only", "small"));
    first.start(5).text("Hello").endTurn();
    Map<String, Integer> turns = new HashMap<>();
    for (int i = 0; i < 3; i++) {
      FakeGeneration next = server.gateway.models.take();
      turns.put(next.request().prompt().turns().getFirst().text(), i);
      next.start(5).text("Hello").endTurn();
    }
    assertThat(turns).containsKey("small");
    counts(awaitEnd(small), 1, 0, 0, 0);
    answerAll();
    send("POST", ROOT + "/" + large.get("id").textValue() + "/cancel", "");
  }

  @Test
  void listsArePagesAndDeletedBatchesAreGone() {
    answerAll();
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      ids.add(awaitEnd(create(requests(1))).get("id").textValue());
    }
    JsonNode page = send("GET", ROOT + "?limit=2", "");
    assertThat(page.get("data").findValuesAsText("id")).containsExactly(ids.get(2), ids.get(1));
    assertThat(page.get("has_more").booleanValue()).isTrue();
    JsonNode rest = send("GET", ROOT + "?after_id=" + page.get("last_id").textValue(), "");
    assertThat(rest.get("data").findValuesAsText("id")).containsExactly(ids.getFirst());
    JsonNode deleted = send("DELETE", ROOT + "/" + ids.getFirst(), "");
    assertThat(deleted.get("type").textValue()).isEqualTo("message_batch_deleted");
    assertThat(server.send(key, "GET", ROOT + "/" + ids.getFirst(), "").statusCode())
        .isEqualTo(404);
    assertThat(send("GET", ROOT, "").get("data")).hasSize(2);
  }

  @Test
  void aBatchIsSeenInItsWorkspaceAlone() {
    answerAll();
    String id = awaitEnd(create(requests(1))).get("id").textValue();
    AdminServer.Tenant stranger = server.tenant("theirs");
    String lab =
        server.administration.workspaces().create(tenant.by(), "lab", Optional.empty()).id();
    String inLab =
        server
            .administration
            .apiKeys()
            .create(
                tenant.by(),
                new KeySpec(
                    KeyKind.API, "lab", Optional.of(lab), KeyKind.API.scopes(), Optional.empty()))
            .secret();
    for (String other : Set.of(server.key(stranger.by(), KeyKind.API), inLab)) {
      assertThat(Events.json(server.send(other, "GET", ROOT, "").body()).get("data")).isEmpty();
      for (String path : List.of("", "/results")) {
        assertThat(server.send(other, "GET", ROOT + "/" + id + path, "").statusCode())
            .isEqualTo(404);
      }
      assertThat(server.send(other, "POST", ROOT + "/" + id + "/cancel", "").statusCode())
          .isEqualTo(404);
      assertThat(server.send(other, "DELETE", ROOT + "/" + id, "").statusCode()).isEqualTo(404);
    }
    assertThat(send("GET", ROOT + "/" + id, "").get("id").textValue()).isEqualTo(id);
  }

  @Test
  void whatIsWrongIsNamedByItsPlace() {
    refused(400, "requests: Field required", "{}");
    refused(400, "requests: must be an array of at least one request", batch());
    refused(400, "requests.0.custom_id: must be 1 to 64", batch(request("a b", "hi")));
    refused(
        400, "requests.1.custom_id: must be unique", batch(request("a", "x"), request("a", "y")));
    refused(
        400,
        "requests.0.params.max_tokens: must be an integer of at least 1",
        batch(request("a", "hi").replace("100", "0")));
    refused(
        400,
        "requests.0.params.stream: must be false",
        batch(request("a", "hi").replace("\"max_tokens\"", "\"stream\":true,\"max_tokens\"")));
    refused(
        400,
        "requests.0.params.n: Extra inputs",
        batch(request("a", "hi").replace("\"max_tokens\"", "\"n\":2,\"max_tokens\"")));
    restart(new BatchLimits(2, 1, 1, 3, Duration.ofHours(1), Duration.ofSeconds(1)));
    refused(400, "requests: must have at most 2 items", batch(requests(3)));
    create(requests(1));
    refused(429, "1 batches that have not ended, which is the limit", batch(requests(1)));
  }

  private void refused(int status, String message, String body) {
    HttpResponse<String> response = server.send(key, "POST", ROOT, body);
    assertThat(response.body()).contains(message);
    assertThat(response.statusCode()).isEqualTo(status);
  }
}
