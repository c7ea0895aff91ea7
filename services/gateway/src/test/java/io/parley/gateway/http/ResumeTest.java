package io.parley.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.parley.common.ErrorCode;
import io.parley.gateway.GatewayLimits;
import io.parley.testkit.FakeGeneration;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Streams whose clients come back, over real connections. */
class ResumeTest {
  private static final String STREAM = TestGateway.body(",\"stream\":true");

  @ParameterizedTest
  @EnumSource(HttpClient.Version.class)
  void everyEventHasAnIdThatCountsUp(HttpClient.Version version) {
    try (TestGateway server = new TestGateway.Setup().version(version).start()) {
      server.models.script(model -> model.start(1).text("a").endTurn());
      List<Events.Event> events =
          Events.all(server.send(server.post("/v1/messages", STREAM)).body());
      String message = events.getFirst().data().at("/message/id").asText();
      assertThat(events.stream().map(Events.Event::id))
          .containsExactlyElementsOf(
              IntStream.rangeClosed(1, events.size()).mapToObj(n -> message + ":" + n).toList());
    }
  }

  @Test
  void aPingOfASilentStreamHasTheIdOfTheEventBefore() {
    GatewayLimits.Streams chatty = new GatewayLimits.Streams(10, 1 << 20, 60_000, 20, 65_536);
    try (TestGateway server =
        new TestGateway.Setup()
            .limits(TestGateway.limits(GatewayLimits.Requests.DEFAULTS, chatty))
            .start()) {
      var opening = server.open(server.post("/v1/messages", STREAM));
      FakeGeneration model = server.models.take();
      Events events = new Events(opening.join().body());
      assertThat(events.await("ping").id()).endsWith(":0");
      model.start(1);
      assertThat(events.await("message_start").id()).endsWith(":1");
      assertThat(events.await("ping").id()).endsWith(":3");
      assertThat(events.await("ping").id()).endsWith(":3");
      model.text("a");
      assertThat(events.await("content_block_delta").id()).endsWith(":4");
      model.endTurn();
      events.rest();
    }
  }

  @Test
  void aClientThatComesBackWithinTheGraceGetsTheRestOfTheRunningAnswer() throws IOException {
    try (TestGateway server = patient()) {
      RawStream first = RawStream.post(server, STREAM);
      FakeGeneration model = server.models.take().start(1).text("one ");
      Events.Event last = first.events().await("content_block_delta");
      first.hangUp();
      model.text("two ");
      try (RawStream again = RawStream.after(server, last.id())) {
        assertThat(again.head()).startsWith("http/1.1 200 ").contains("text/event-stream");
        assertThat(again.next().orElseThrow().data().at("/delta/text").asText()).isEqualTo("two ");
        model.text("three").endTurn();
        List<Events.Event> rest = again.events().rest();
        assertThat(Events.text(rest)).isEqualTo("three");
        assertThat(Events.names(rest)).endsWith("message_delta", "message_stop");
      }
      assertThat(model.isCancelled()).isFalse();
    }
  }

  /** So many connections that every event loop has some. */
  @Test
  void manyReadOneAnswerEachOnItsOwnConnection() throws IOException {
    try (TestGateway server = patient()) {
      var opening = server.open(server.post("/v1/messages", STREAM));
      FakeGeneration model = server.models.take().start(1).text("a");
      Events own = new Events(opening.join().body());
      String id = own.await("content_block_delta").id();
      List<RawStream> readers = new ArrayList<>();
      for (int i = 0; i < 16; i++) {
        readers.add(RawStream.after(server, id.replaceFirst(":.*", ":" + i % 4)));
      }
      for (int i = 0; i < 100; i++) {
        model.text(" " + i);
      }
      model.endTurn();
      String whole = Events.text(own.rest());
      for (int i = 0; i < readers.size(); i++) {
        List<Events.Event> events = readers.get(i).events().rest();
        assertThat(events.getFirst().id()).endsWith(":" + (i % 4 + 1));
        assertThat(Events.text(events)).isEqualTo("a" + whole);
        readers.get(i).close();
      }
    }
  }

  @Test
  void cutsAnywhereLoseNothingAndRepeatNothing() {
    try (TestGateway server = patient();
        var clients = Executors.newVirtualThreadPerTaskExecutor()) {
      server.models.script(model -> clients.execute(() -> play(model)));
      List<CompletableFuture<Void>> all =
          IntStream.range(0, 12)
              .mapToObj(
                  seed -> CompletableFuture.runAsync(() -> readWithCuts(server, seed), clients))
              .toList();
      all.forEach(CompletableFuture::join);
    }
  }

  private static void play(FakeGeneration model) {
    model.start(1);
    for (int i = 0; i < 60; i++) {
      LockSupport.parkNanos(300_000);
      model.text(i + " ");
    }
    model.endTurn();
  }

  private static void readWithCuts(TestGateway server, long seed) {
    Random random = new Random(seed);
    List<Events.Event> got = new ArrayList<>();
    try {
      RawStream stream = RawStream.post(server, STREAM);
      while (!isWhole(got)) {
        int upTo = got.size() + 1 + random.nextInt(6);
        while (!isWhole(got) && got.size() < upTo) {
          got.add(stream.next().orElseThrow());
        }
        stream.hangUp();
        stream = RawStream.after(server, got.getLast().id());
      }
      assertThat(stream.next()).as("an event after the last one").isEmpty();
      stream.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    assertThat(got.stream().map(event -> event.id().replaceFirst(".*:", "")))
        .containsExactlyElementsOf(
            IntStream.rangeClosed(1, got.size()).mapToObj(Integer::toString).toList());
    assertThat(Events.text(got))
        .isEqualTo(IntStream.range(0, 60).mapToObj(i -> i + " ").reduce("", String::concat));
  }

  private static boolean isWhole(List<Events.Event> got) {
    return !got.isEmpty() && got.getLast().name().equals("message_stop");
  }

  @Test
  void afterTheGraceTheGenerationIsCancelledAndWhoComesBackIsTold() throws IOException {
    try (TestGateway server = TestGateway.start()) {
      RawStream first = RawStream.post(server, STREAM);
      FakeGeneration model = server.models.take().start(1).text("one ");
      Events.Event last = first.events().await("content_block_delta");
      first.hangUp();
      model.text("two");
      assertThat(model.awaitCancel()).isTrue();
      try (RawStream again = RawStream.after(server, last.id())) {
        List<Events.Event> rest = again.events().rest();
        assertThat(Events.names(rest)).containsExactly("content_block_delta", "error");
        assertThat(Events.text(rest)).isEqualTo("two");
        assertThat(rest.getLast().data().at("/error/type").asText()).isEqualTo("timeout_error");
      }
    }
  }

  @Test
  void anAnswerThatNobodyCanComeBackToIsCancelledAtOnce() throws IOException {
    try (TestGateway server = patient();
        RawConnection client = new RawConnection(server)) {
      client.post("/v1/messages", TestGateway.body(""));
      FakeGeneration model = server.models.take();
      client.hangUp();
      assertThat(model.awaitCancel()).isTrue();
    }
  }

  @Test
  void stoppingDoesNotWaitForThoseWhoAreGone() throws IOException {
    try (TestGateway server = patient()) {
      RawStream first = RawStream.post(server, STREAM);
      FakeGeneration model = server.models.take().start(1).text("one ");
      first.events().await("content_block_delta");
      first.hangUp();
      server.gateway.close();
      assertThat(model.awaitCancel()).isTrue();
    }
  }

  @Test
  void anAnswerThatHasEndedCanBeReadAgain() {
    try (TestGateway server = patient()) {
      server.models.script(model -> model.start(1).text("a").text("b").endTurn());
      String whole = server.send(server.post("/v1/messages", STREAM)).body();
      List<Events.Event> events = Events.all(whole);
      HttpResponse<String> all = events(server, TestGateway.KEY, events.getFirst().id(), null);
      assertThat(all.body()).isEqualTo(whole);
      for (Events.Event event : events) {
        String rest = events(server, TestGateway.KEY, event.id(), event.id()).body();
        assertThat(whole).endsWith(rest).contains("id: " + event.id() + "\n\n" + rest);
      }
    }
  }

  @Test
  void nobodyElseCanReadItNorLearnThatItIsThere() {
    try (TestGateway server = patient()) {
      server.models.script(model -> model.start(1).text("a").endTurn());
      String id =
          Events.all(server.send(server.post("/v1/messages", STREAM)).body()).getFirst().id();
      HttpResponse<String> unknown =
          events(server, TestGateway.KEY, "msg_01ARZ3NDEKTSV4RRFFQ69G5FAV:1", null);
      assertThat(unknown.statusCode()).isEqualTo(404);
      for (String key : List.of(KeptAnswers.RIVAL_KEY, KeptAnswers.LAB_KEY)) {
        HttpResponse<String> response = events(server, key, id, id);
        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(message(response)).isEqualTo(message(unknown));
      }
    }
  }

  @Test
  void anAnswerInOnePieceHasNoEvents() {
    try (TestGateway server = patient()) {
      server.models.script(model -> model.start(1).text("a").endTurn());
      String id =
          Events.json(server.send(server.post("/v1/messages", TestGateway.body(""))).body())
              .get("id")
              .asText();
      assertThat(events(server, TestGateway.KEY, id + ":0", null).statusCode()).isEqualTo(404);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "garbage,400",
    "msg_01ARZ3NDEKTSV4RRFFQ69G5FAV:1,400",
    "MESSAGE:-1,400",
    "MESSAGE:01,400",
    "MESSAGE:999,400",
    "MESSAGE:2147483648,400",
  })
  void aPositionThatDoesNotExistIsRefusedByName(String position, int status) {
    try (TestGateway server = patient()) {
      server.models.script(model -> model.start(1).text("a").endTurn());
      String id =
          Events.all(server.send(server.post("/v1/messages", STREAM)).body()).getFirst().id();
      String sent = position.replace("MESSAGE", id.replaceFirst(":.*", ""));
      HttpResponse<String> response = events(server, TestGateway.KEY, id, sent);
      assertThat(response.statusCode()).isEqualTo(status);
      assertThat(message(response)).startsWith("last-event-id: ");
    }
  }

  @Test
  void aPositionNeedsTheKeyOrThePathOfItsMessage() {
    try (TestGateway server = patient()) {
      HttpResponse<String> response =
          server.send(
              server
                  .post("/v1/messages", STREAM)
                  .header("last-event-id", "msg_01ARZ3NDEKTSV4RRFFQ69G5FAV:1"));
      assertThat(response.statusCode()).isEqualTo(400);
      assertThat(message(response)).startsWith("last-event-id: needs the idempotency-key");
      assertThat(server.models.waiting()).isZero();
    }
  }

  @Test
  void anAnswerThatIsTooLongToBeKeptSaysSo() {
    try (TestGateway server = with(new GatewayLimits.Resumption(60_000, 60_000, 600, 1 << 20))) {
      var opening = server.open(server.post("/v1/messages", STREAM));
      FakeGeneration model = server.models.take().start(1);
      Events events = new Events(opening.join().body());
      Events.Event last = events.await("message_start");
      String first = last.id();
      for (int i = 0; i < 20; i++) {
        model.text("word ");
        last = events.await("content_block_delta");
      }
      HttpResponse<String> fromTheBeginning = events(server, TestGateway.KEY, first, first);
      assertThat(fromTheBeginning.statusCode()).isEqualTo(404);
      assertThat(message(fromTheBeginning)).startsWith("last-event-id: the answer is too long");
      model.endTurn();
      assertThat(Events.names(events.rest())).endsWith("message_stop");
      assertThat(events(server, TestGateway.KEY, first, last.id()).body()).contains("message_stop");
    }
  }

  @Test
  void thereIsRoomForTheAnswersThatEndedLast() {
    try (TestGateway server = with(new GatewayLimits.Resumption(60_000, 60_000, 3_000, 3_000))) {
      List<String> ids = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        server.models.script(model -> model.start(1).text("x".repeat(200)).endTurn());
        ids.add(
            Events.all(server.send(server.post("/v1/messages", STREAM)).body()).getFirst().id());
      }
      assertThat(events(server, TestGateway.KEY, ids.getFirst(), null).statusCode()).isEqualTo(404);
      assertThat(events(server, TestGateway.KEY, ids.getLast(), null).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void whatEndedLongAgoIsGone() {
    try (TestGateway server = with(new GatewayLimits.Resumption(60_000, 1, 1 << 20, 1 << 20))) {
      server.models.script(model -> model.start(1).text("a").endTurn());
      String id =
          Events.all(server.send(server.post("/v1/messages", STREAM)).body()).getFirst().id();
      int status;
      do {
        status = events(server, TestGateway.KEY, id, null).statusCode();
      } while (status == 200);
      assertThat(status).isEqualTo(404);
    }
  }

  @Test
  void aReaderThatIsTooSlowIsCutOffAndTheAnswerGoesOn() throws IOException {
    GatewayLimits limits =
        new GatewayLimits(
            GatewayLimits.Requests.DEFAULTS,
            new GatewayLimits.Streams(10, 256 << 10, 60_000, 60_000, 4096),
            GatewayLimits.Connections.DEFAULTS,
            KeptAnswers.PATIENT);
    try (TestGateway server = new TestGateway.Setup().limits(limits).start();
        RawConnection slow = new RawConnection(server, 4096)) {
      slow.post("/v1/messages", STREAM);
      FakeGeneration model = server.models.take().start(1).text("a");
      slow.readHead();
      String message = firstMessageId(slow.in());
      try (RawStream fast = RawStream.after(server, message + ":0")) {
        fast.events().await("content_block_delta");
        for (int i = 0; i < 300; i++) {
          model.text("x".repeat(20_000));
          fast.events().await("content_block_delta");
        }
        assertThat(slow.awaitClose()).isTrue();
        assertThat(model.isCancelled()).isFalse();
        model.endTurn();
        assertThat(Events.names(fast.events().rest())).endsWith("message_stop");
      }
    }
  }

  @Test
  void anErrorInTheStreamIsReadAgainToo() {
    try (TestGateway server = patient()) {
      server.models.script(model -> model.start(1).text("a").fail(ErrorCode.API, "broke"));
      String whole = server.send(server.post("/v1/messages", STREAM)).body();
      Events.Event last = Events.all(whole).getLast();
      assertThat(last.name()).isEqualTo("error");
      assertThat(events(server, TestGateway.KEY, last.id(), null).body()).isEqualTo(whole);
    }
  }

  @Test
  void aCallCountsAsLongAsItsAnswerGoesOn() throws IOException {
    GatewayLimits limits =
        new GatewayLimits(
            GatewayLimits.Requests.DEFAULTS,
            new GatewayLimits.Streams(1, 1 << 20, 60_000, 60_000, 65_536),
            GatewayLimits.Connections.DEFAULTS,
            KeptAnswers.PATIENT);
    try (TestGateway server = new TestGateway.Setup().limits(limits).start()) {
      RawStream first = RawStream.post(server, STREAM);
      FakeGeneration model = server.models.take().start(1).text("a");
      first.events().await("content_block_delta");
      first.hangUp();
      assertThat(server.send(server.post("/v1/messages", STREAM)).statusCode()).isEqualTo(529);
      model.endTurn();
      server.models.script(next -> next.start(1).endTurn());
      int status;
      do {
        status = server.send(server.post("/v1/messages", STREAM)).statusCode();
      } while (status == 529);
      assertThat(status).isEqualTo(200);
    }
  }

  private static String firstMessageId(InputStream in) throws IOException {
    StringBuilder read = new StringBuilder();
    while (!read.toString().matches("(?s).*\"msg_\\w{26}\".*")) {
      read.append((char) in.read());
    }
    return read.substring(read.length() - 31, read.length() - 1);
  }

  private static TestGateway patient() {
    return with(KeptAnswers.PATIENT);
  }

  private static TestGateway with(GatewayLimits.Resumption resumption) {
    return new TestGateway.Setup()
        .limits(KeptAnswers.limits(resumption))
        .authenticator(KeptAnswers::authenticate)
        .start();
  }

  /** Reads the events of the message of an event id, after a position if one is given. */
  private static HttpResponse<String> events(
      TestGateway server, String key, String ofMessage, @Nullable String after) {
    String messageId = ofMessage.substring(0, ofMessage.indexOf(':'));
    var request =
        server.request("/v1/messages/" + messageId + "/events").setHeader("x-api-key", key);
    Optional.ofNullable(after).ifPresent(id -> request.header("last-event-id", id));
    return server.send(request);
  }

  private static String message(HttpResponse<String> response) {
    JsonNode error = Events.json(response.body());
    return error.at("/error/message").asText();
  }
}
