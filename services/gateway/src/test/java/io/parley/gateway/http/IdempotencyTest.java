package io.parley.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import io.parley.gateway.GatewayLimits;
import io.parley.gateway.idempotency.BodyHash;
import io.parley.gateway.messages.Hold;
import io.parley.safety.GateDecision;
import io.parley.testkit.FakeGeneration;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that are sent again, over HTTP. */
@SuppressWarnings("NullAway.Init") // set by start
class IdempotencyTest {
  @TempDir private Path directory;
  private KeptAnswers kept;
  private TestGateway server;

  @BeforeEach
  void start() {
    kept = new KeptAnswers(directory);
    server = kept.start();
  }

  @AfterEach
  void stop() {
    server.close();
    kept.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ",\"stream\":true"})
  void theSameRequestGetsTheSameBytesWithoutBeingGeneratedAgain(String more) {
    server.models.script(model -> model.start(7).text("Hello").text(" you").endTurn());
    HttpResponse<String> first = server.send(KeptAnswers.keyed(server, "k", more));
    HttpResponse<String> second = server.send(KeptAnswers.keyed(server, "k", more));
    assertThat(first.statusCode()).isEqualTo(200);
    assertThat(KeptAnswers.isReplay(first)).isFalse();
    assertThat(KeptAnswers.isReplay(second)).isTrue();
    assertThat(second.body()).isEqualTo(first.body());
    assertThat(second.headers().firstValue("content-type"))
        .isEqualTo(first.headers().firstValue("content-type"));
    assertThat(second.headers().firstValue("request-id"))
        .isNotEqualTo(first.headers().firstValue("request-id"));
    assertThat(server.models.waiting()).isEqualTo(1);
    assertThat(kept.conclusions).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ",\"stream\":true"})
  void anAnswerOutlivesTheServer(String more) {
    server.models.script(model -> model.start(7).text("Hello").endTurn());
    String body = ",\"tools\":[{\"name\":\"t\",\"input_schema\":{\"type\":\"object\"}}]" + more;
    HttpResponse<String> first = server.send(KeptAnswers.keyed(server, "k", body));
    server.close();
    server = kept.start();
    HttpResponse<String> second = server.send(KeptAnswers.keyed(server, "k", body));
    assertThat(second.body()).isEqualTo(first.body());
    assertThat(KeptAnswers.isReplay(second)).isTrue();
    assertThat(second.headers().firstValue("parley-notice"))
        .isPresent()
        .isEqualTo(first.headers().firstValue("parley-notice"));
    assertThat(server.models.waiting()).isZero();
  }

  @Test
  void aStreamCanBeTakenUpAgainOnAnotherServer() {
    server.models.script(model -> model.start(7).text("Hello").endTurn());
    String whole = server.send(KeptAnswers.stream(server, "k")).body();
    server.close();
    server = kept.start();
    for (Events.Event event : Events.all(whole)) {
      String rest = whole.substring(whole.indexOf("id: " + event.id()) + event.id().length() + 6);
      assertThat(
              server
                  .send(KeptAnswers.stream(server, "k").header("last-event-id", event.id()))
                  .body())
          .isEqualTo(rest);
      String messageId = event.id().replaceFirst(":.*", "");
      assertThat(
              server
                  .send(
                      server
                          .request("/v1/messages/" + messageId + "/events")
                          .header("last-event-id", event.id()))
                  .body())
          .isEqualTo(rest);
    }
    assertThat(server.models.waiting()).isZero();
  }

  @Test
  void fiftyAtOnceAreOneGeneration() {
    for (String more : List.of(",\"stream\":true", "")) {
      kept.conclusions.clear();
      List<CompletableFuture<HttpResponse<InputStream>>> all =
          IntStream.range(0, 50)
              .mapToObj(i -> server.open(KeptAnswers.keyed(server, "k" + more.length(), more)))
              .toList();
      FakeGeneration model = server.models.take().start(1).text("one ");
      if (!more.isEmpty()) {
        all.forEach(CompletableFuture::join); // all of them are here, and read along
      }
      model.text("two").endTurn();
      List<String> bodies = all.stream().map(r -> read(r.join())).distinct().toList();
      assertThat(bodies).hasSize(1);
      assertThat(bodies.getFirst()).contains("one ").contains("two");
      assertThat(all.stream().filter(r -> !KeptAnswers.isReplay(r.join()))).hasSize(1);
      assertThat(server.models.waiting()).isZero();
      assertThat(kept.conclusions).hasSize(1);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        ",\"stream\":true|,\"stream\":false",
        "|,\"stream\":true",
        "|,\"temperature\":0.5",
        "|,\"stream\":false"
      })
  void anotherBodyIsAConflict(@Nullable String one, String other) {
    server.models.script(model -> model.start(1).endTurn());
    server.send(KeptAnswers.keyed(server, "k", one == null ? "" : one));
    HttpResponse<String> second = server.send(KeptAnswers.keyed(server, "k", other));
    assertThat(second.statusCode()).isEqualTo(409);
    assertThat(second.body()).contains("conflict_error").contains("idempotency-key: ");
    assertThat(server.models.waiting()).isEqualTo(1);
  }

  @Test
  void aRequestThatFoundNoRoomIsTriedAgain() {
    for (String more : List.of("", ",\"stream\":true")) {
      String key = "k" + more.length();
      server.models.script(model -> model.refuse("no room", 10));
      assertThat(server.send(KeptAnswers.keyed(server, key, more)).statusCode()).isEqualTo(529);
      server.models.script(model -> model.start(1).text("a").endTurn());
      HttpResponse<String> second = server.send(KeptAnswers.keyed(server, key, more));
      assertThat(second.statusCode()).isEqualTo(200);
      assertThat(KeptAnswers.isReplay(second)).isFalse();
    }
  }

  @Test
  void aRequestThatALimitOrAFaultRefusedIsTriedAgain() {
    AtomicInteger entries = new AtomicInteger();
    server.close();
    server =
        kept.setup(KeptAnswers.PATIENT, 30_000, (transaction, conclusion) -> {})
            .turnstile(
                (principal, model, in, out, headers) -> {
                  switch (entries.incrementAndGet()) {
                    case 1 -> throw new ParleyException(ErrorCode.RATE_LIMIT, "too many");
                    case 2 -> throw new IllegalStateException("a fault");
                    default -> {}
                  }
                  return Hold.NONE;
                })
            .start();
    server.models.script(model -> model.start(1).endTurn());
    assertThat(server.send(KeptAnswers.stream(server, "k")).statusCode()).isEqualTo(429);
    assertThat(server.send(KeptAnswers.stream(server, "k")).statusCode()).isEqualTo(500);
    assertThat(server.send(KeptAnswers.stream(server, "k")).statusCode()).isEqualTo(200);
  }

  @Test
  void whoWaitsForARequestThatFailsGetsItsError() {
    var first = server.open(KeptAnswers.keyed(server, "k", ""));
    FakeGeneration model = server.models.take();
    var second = server.open(KeptAnswers.keyed(server, "k", ""));
    model.refuse("no room", 12_345);
    assertThat(first.join().statusCode()).isEqualTo(529);
    // It came in time and joined, or late and began anew.
    while (!second.isDone()) {
      if (server.models.waiting() > 0) {
        server.models.take().start(1).endTurn();
      }
      LockSupport.parkNanos(1_000_000);
    }
    assertThat(second.join().statusCode()).isIn(200, 529);
  }

  @Test
  void aRefusalIsAnAnswerAndIsKept() {
    server.close();
    AtomicInteger asked = new AtomicInteger();
    server =
        kept.setup(KeptAnswers.PATIENT, 30_000, (transaction, conclusion) -> {})
            .inputGate(
                (context, prompt) -> {
                  asked.incrementAndGet();
                  return new GateDecision.Refuse("harm");
                })
            .start();
    HttpResponse<String> first = server.send(KeptAnswers.keyed(server, "k", ""));
    assertThat(first.body()).contains("\"stop_reason\":\"refusal\"");
    assertThat(server.send(KeptAnswers.keyed(server, "k", "")).body()).isEqualTo(first.body());
    assertThat(asked).hasValue(1);
  }

  @Test
  void aStreamThatBrokeIsTriedAgainAndTheOldOneCanStillBeRead() {
    server.models.script(model -> model.start(1).text("a").fail(ErrorCode.API, "broke"));
    List<Events.Event> broken = Events.all(server.send(KeptAnswers.stream(server, "k")).body());
    assertThat(broken.getLast().name()).isEqualTo("error");
    server.models.script(model -> model.start(1).text("whole").endTurn());
    List<Events.Event> whole = Events.all(server.send(KeptAnswers.stream(server, "k")).body());
    assertThat(Events.text(whole)).isEqualTo("whole");
    String beforeTheError = broken.get(broken.size() - 2).id();
    List<Events.Event> rest =
        Events.all(
            server
                .send(KeptAnswers.stream(server, "k").header("last-event-id", beforeTheError))
                .body());
    assertThat(Events.names(rest)).containsExactly("error");
  }

  @Test
  void theAnswerIsKeptTogetherWithItsBillOrNotAtAll() {
    server.close();
    AtomicInteger bills = new AtomicInteger();
    server =
        kept.setup(
                KeptAnswers.PATIENT,
                30_000,
                (transaction, conclusion) -> {
                  if (bills.incrementAndGet() == 1) {
                    throw new IllegalStateException("the disk is full");
                  }
                })
            .start();
    server.models.script(model -> model.start(1).text("a").endTurn());
    assertThat(server.send(KeptAnswers.keyed(server, "k", "")).statusCode()).isEqualTo(500);
    HttpResponse<String> second = server.send(KeptAnswers.keyed(server, "k", ""));
    assertThat(second.statusCode()).isEqualTo(200);
    assertThat(KeptAnswers.isReplay(second)).isFalse();
    assertThat(server.send(KeptAnswers.keyed(server, "k", "")).body()).isEqualTo(second.body());
    assertThat(bills).hasValue(2);
  }

  @Test
  void aClientThatComesBackWithItsKeyFindsItsAnswerGoingOn() throws IOException {
    for (String more : List.of("", ",\"stream\":true")) {
      try (RawConnection gone = new RawConnection(server)) {
        String body = TestGateway.body(more);
        String key = "idempotency-key: k" + more.length();
        gone.head("POST /v1/messages", key, "content-length: " + body.length()).send(body);
        FakeGeneration model = server.models.take().start(1).text("one ");
        gone.hangUp();
        var again = server.open(KeptAnswers.keyed(server, "k" + more.length(), more));
        if (!more.isEmpty()) {
          again.join();
        }
        model.text("two").endTurn();
        assertThat(read(again.join())).contains("one ").contains("two");
        assertThat(KeptAnswers.isReplay(again.join())).isTrue();
        assertThat(model.isCancelled()).isFalse();
      }
    }
  }

  @Test
  void aKeyIsFreeAgainOnceItsAnswerWasGivenUp() throws IOException {
    server.close();
    server =
        kept.setup(
                new GatewayLimits.Resumption(20, 60_000, 1 << 20, 1 << 20),
                30_000,
                (transaction, conclusion) -> {})
            .start();
    try (RawStream gone =
        RawStream.post(server, TestGateway.body(",\"stream\":true"), "idempotency-key: k")) {
      FakeGeneration model = server.models.take().start(1).text("one ");
      gone.events().await("content_block_delta");
      gone.hangUp();
      assertThat(model.awaitCancel()).isTrue();
    }
    server.models.script(model -> model.start(1).text("new").endTurn());
    String text;
    do {
      text = Events.text(Events.all(server.send(KeptAnswers.stream(server, "k")).body()));
    } while (text.equals("one ")); // whoever is there before it is settled reads the old one
    assertThat(text).isEqualTo("new");
  }

  @Test
  void aStreamIsTakenUpAgainWithItsKey() throws IOException {
    RawStream first =
        RawStream.post(server, TestGateway.body(",\"stream\":true"), "idempotency-key: k");
    FakeGeneration model = server.models.take().start(1).text("one ");
    String last = first.events().await("content_block_delta").id();
    first.hangUp();
    try (RawStream again =
        RawStream.post(
            server,
            TestGateway.body(",\"stream\":true"),
            "idempotency-key: k",
            "last-event-id: " + last)) {
      model.text("two");
      assertThat(Events.text(List.of(again.next().orElseThrow()))).isEqualTo("two");
      assertThat(again.head()).contains("idempotent-replayed: true");
      model.endTurn();
      assertThat(Events.names(again.events().rest())).endsWith("message_stop");
    }
    assertThat(server.models.waiting()).isZero();
  }

  @Test
  void aPositionInTheAnswerOfAnotherKeyDoesNotExist() {
    server.models.script(model -> model.start(1).endTurn());
    String id = Events.all(server.send(KeptAnswers.stream(server, "one")).body()).getFirst().id();
    server.send(KeptAnswers.stream(server, "two"));
    for (String key : List.of("two", "three")) {
      HttpResponse<String> response =
          server.send(KeptAnswers.stream(server, key).header("last-event-id", id));
      assertThat(response.statusCode()).isEqualTo(404);
      assertThat(response.body()).contains("last-event-id: there is no answer");
    }
    HttpResponse<String> otherBody =
        server.send(
            KeptAnswers.keyed(server, "one", ",\"stream\":true,\"top_k\":1")
                .header("last-event-id", id));
    assertThat(otherBody.statusCode()).isEqualTo(409);
    HttpResponse<String> json =
        server.send(KeptAnswers.keyed(server, "one", "").header("last-event-id", id));
    assertThat(json.statusCode()).isEqualTo(400);
    assertThat(server.models.waiting()).isEqualTo(2);
  }

  @Test
  void theSameKeyOfAnotherTenantIsAnother() {
    server.models.script(model -> model.start(1).text("a").endTurn());
    String own = server.send(KeptAnswers.keyed(server, "k", "")).body();
    for (String key : List.of(KeptAnswers.RIVAL_KEY, KeptAnswers.LAB_KEY)) {
      HttpResponse<String> other =
          server.send(KeptAnswers.keyed(server, "k", "").setHeader("x-api-key", key));
      assertThat(KeptAnswers.isReplay(other)).isFalse();
      assertThat(other.body()).isNotEqualTo(own);
    }
    assertThat(server.models.waiting()).isEqualTo(3);
  }

  @Test
  void aRequestIdIsAKeyUnlessThereIsOne() {
    server.models.script(model -> model.start(1).text("a").endTurn());
    var byRequestId = server.post("/v1/messages", TestGateway.body("")).header("x-request-id", "r");
    String first = server.send(byRequestId).body();
    assertThat(server.send(byRequestId).body()).isEqualTo(first);
    assertThat(server.send(KeptAnswers.keyed(server, "r", "")).body()).isEqualTo(first);
    HttpResponse<String> both =
        server.send(KeptAnswers.keyed(server, "k", "").header("x-request-id", "r"));
    assertThat(both.body()).isNotEqualTo(first);
  }

  @ParameterizedTest
  @ValueSource(strings = {"idempotency-key", "x-request-id"})
  void aKeyThatIsNoneIsRefusedByName(String header) {
    HttpResponse<String> response =
        server.send(
            server.post("/v1/messages", TestGateway.body("")).header(header, "x".repeat(256)));
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.body()).contains(header + ": must have 1 to 255");
  }

  @Test
  void aServerThatKeepsNoAnswersRefusesKeysAndIgnoresRequestIds() {
    try (TestGateway other = TestGateway.start()) {
      other.models.script(model -> model.start(1).endTurn());
      HttpResponse<String> keyed = other.send(KeptAnswers.keyed(other, "k", ""));
      assertThat(keyed.statusCode()).isEqualTo(400);
      assertThat(keyed.body()).contains("idempotency-key: not supported");
      var request = other.post("/v1/messages", TestGateway.body("")).header("x-request-id", "r");
      assertThat(other.send(request).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void anAnswerThatIsTooLongIsNotGeneratedAgain() {
    server.close();
    server =
        kept.setup(
                new GatewayLimits.Resumption(60_000, 60_000, 1_000, 1 << 20),
                30_000,
                (transaction, conclusion) -> {})
            .start();
    server.models.script(model -> model.start(1).text("x".repeat(2_000)).endTurn());
    for (String more : List.of("", ",\"stream\":true")) {
      String key = "k" + more.length();
      assertThat(server.send(KeptAnswers.keyed(server, key, more)).body()).contains("xxx");
      HttpResponse<String> second = server.send(KeptAnswers.keyed(server, key, more));
      assertThat(second.statusCode()).isEqualTo(409);
      assertThat(second.body()).contains("too long to be kept");
    }
    assertThat(server.models.waiting()).isEqualTo(2);
  }

  @Test
  void twoServersOnOneDatabaseGenerateOneAnswer() {
    try (TestGateway other = kept.start()) {
      for (String more : List.of("", ",\"stream\":true")) {
        String key = "k" + more.length();
        var first = server.open(KeptAnswers.keyed(server, key, more));
        FakeGeneration model = server.models.take();
        var second = other.open(KeptAnswers.keyed(other, key, more));
        model.start(1).text("a").endTurn();
        assertThat(read(second.join())).isEqualTo(read(first.join()));
        assertThat(KeptAnswers.isReplay(second.join())).isTrue();
      }
      assertThat(other.models.waiting()).isZero();
    }
  }

  @Test
  void theKeyOfADeadServerIsTakenOver() {
    long now = System.currentTimeMillis();
    insertKey("k", now + 400, now + 60_000);
    server.models.script(model -> model.start(1).text("a").endTurn());
    HttpResponse<String> response = server.send(KeptAnswers.keyed(server, "k", ""));
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(KeptAnswers.isReplay(response)).isFalse();
    assertThat(server.models.waiting()).isEqualTo(1);
  }

  @Test
  void aRunningServerKeepsItsKeysUp() {
    server.close();
    server = kept.setup(KeptAnswers.PATIENT, 30, (transaction, conclusion) -> {}).start();
    insertKey("k", 1, 1);
    int left;
    do {
      left =
          kept.database.<Integer, RuntimeException>read(
              handle ->
                  handle
                      .createQuery("SELECT count(*) FROM idempotency_keys")
                      .mapTo(Integer.class)
                      .one());
      LockSupport.parkNanos(1_000_000);
    } while (left > 0);
    assertThat(left).isZero();
  }

  /** A key whose server is gone without a trace. */
  private void insertKey(String key, long leaseUntilMs, long expiresAtMs) {
    kept.database.write(
        handle ->
            handle.execute(
                "INSERT INTO idempotency_keys (organisation_id, workspace_id, idempotency_key,"
                    + " body_hash, request_id, message_id, state, lease_until_ms, expires_at_ms)"
                    + " VALUES ('org_1', '', ?, ?, 'req_dead', 'msg_dead', 'running', ?, ?)",
                key,
                BodyHash.of(TestGateway.body("").getBytes(StandardCharsets.UTF_8)),
                leaseUntilMs,
                expiresAtMs));
  }

  private static String read(HttpResponse<InputStream> response) {
    try {
      return new String(response.body().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
