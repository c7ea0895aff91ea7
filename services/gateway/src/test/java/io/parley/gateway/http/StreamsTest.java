package io.parley.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.common.ErrorCode;
import io.parley.gateway.GatewayLimits;
import io.parley.testkit.FakeGeneration;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class StreamsTest {
  private static final Duration LONG = Duration.ofSeconds(20);

  @ParameterizedTest
  @EnumSource(HttpClient.Version.class)
  void aClientThatClosesAStreamCancelsTheGeneration(HttpClient.Version version) throws IOException {
    try (TestGateway server = new TestGateway.Setup().version(version).start()) {
      var opening = server.open(stream(server));
      FakeGeneration model = server.models.take().start(1).text("a");
      HttpResponse<InputStream> response = opening.join();
      new Events(response.body()).await("content_block_delta");
      response.body().close();
      assertThat(model.awaitCancel()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aClientThatGoesAwayWhileTheModelIsSilentCancelsTheGeneration(boolean stream)
      throws IOException {
    try (TestGateway server = TestGateway.start();
        RawConnection client = new RawConnection(server)) {
      client.post("/v1/messages", TestGateway.body(",\"stream\":" + stream));
      FakeGeneration model = server.models.take();
      client.hangUp();
      assertThat(model.awaitCancel()).isTrue();
    }
  }

  @Test
  void aFinishedGenerationIsNotCancelled() {
    try (TestGateway server = TestGateway.start()) {
      server.models.script(model -> model.start(1).text("a").endTurn());
      server.send(stream(server));
      assertThat(server.models.take().isCancelled()).isFalse();
    }
  }

  @Test
  void aSilentStreamGetsPings() {
    try (TestGateway server = server(new GatewayLimits.Streams(10, 1 << 20, 60_000, 50, 65_536))) {
      var opening = server.open(stream(server));
      FakeGeneration model = server.models.take().start(1);
      HttpResponse<InputStream> response = opening.join();
      Events events = new Events(response.body());
      events.await("ping");
      events.await("ping");
      events.await("ping");
      model.endTurn();
      assertThat(events.await("message_stop")).isNotNull();
    }
  }

  @Test
  void aStreamWhosePromptWaitsForItsTurnGetsPings() {
    try (TestGateway server = server(new GatewayLimits.Streams(10, 1 << 20, 60_000, 50, 65_536))) {
      var opening = server.open(stream(server));
      FakeGeneration model = server.models.take();
      HttpResponse<InputStream> response = opening.join();
      assertThat(response.statusCode()).isEqualTo(200);
      Events events = new Events(response.body());
      events.await("ping");
      events.await("ping");
      model.start(1).text("a").endTurn();
      events.await("message_start");
      assertThat(Events.names(events.rest())).endsWith("message_delta", "message_stop");
    }
  }

  @Test
  void aStreamThatFailsAfterAPingEndsWithAnErrorEvent() {
    try (TestGateway server = server(new GatewayLimits.Streams(10, 1 << 20, 60_000, 50, 65_536))) {
      var opening = server.open(stream(server));
      FakeGeneration model = server.models.take();
      Events events = new Events(opening.join().body());
      events.await("ping");
      model.fail(ErrorCode.OVERLOADED, "no room");
      assertThat(Events.names(events.rest())).endsWith("error").doesNotContain("message_start");
    }
  }

  @Test
  void aReaderThatStopsIsCutOffBeforeTooMuchWaitsForIt() throws IOException {
    try (TestGateway server =
            server(new GatewayLimits.Streams(10, 1 << 20, 60_000, 60_000, 65_536));
        RawConnection client = new RawConnection(server, 4096)) {
      client.post("/v1/messages", TestGateway.body(",\"stream\":true"));
      FakeGeneration model = server.models.take().start(1);
      String text = "x".repeat(1000);
      long written = 0;
      while (!model.isCancelled() && written < 100_000_000) {
        model.text(text);
        written += text.length();
        Thread.onSpinWait();
      }
      assertThat(model.awaitCancel()).isTrue();
    }
  }

  @Test
  void aReaderThatTakesNothingForTooLongIsCutOff() throws IOException {
    try (TestGateway server = server(new GatewayLimits.Streams(10, 64 << 20, 100, 60_000, 65_536));
        RawConnection client = new RawConnection(server, 4096)) {
      client.post("/v1/messages", TestGateway.body(",\"stream\":true"));
      FakeGeneration model = server.models.take().start(1);
      for (int i = 0; i < 8_000; i++) {
        model.text("x".repeat(1000));
      }
      assertThat(model.awaitCancel()).isTrue();
    }
  }

  @Test
  void aSlowReaderGetsEverythingInTheEnd() throws IOException {
    try (TestGateway server =
            server(new GatewayLimits.Streams(10, 64 << 20, 60_000, 60_000, 4096));
        RawConnection client = new RawConnection(server, 4096)) {
      client.post("/v1/messages", TestGateway.body(",\"stream\":true"));
      FakeGeneration model = server.models.take().start(1);
      String text = "0123456789".repeat(100);
      for (int i = 0; i < 4_000; i++) {
        model.text(text);
      }
      model.endTurn();
      client.readHead();
      String body = unchunked(client.in());
      List<Events.Event> events = Events.all(body);
      assertThat(Events.text(events)).isEqualTo(text.repeat(4_000));
      assertThat(events.getLast().name()).isEqualTo("message_stop");
    }
  }

  @Test
  void stoppingEndsStreamsThatAreLeftWithAnError() {
    for (HttpClient.Version version : HttpClient.Version.values()) {
      try (TestGateway server = new TestGateway.Setup().version(version).start()) {
        var opening = server.open(stream(server));
        FakeGeneration model = server.models.take().start(1).text("a");
        HttpResponse<InputStream> response = opening.join();
        Events events = new Events(response.body());
        events.await("content_block_delta");
        server.gateway.stop(Duration.ofMillis(50));
        List<Events.Event> rest = events.rest();
        assertThat(Events.names(rest)).as(version.name()).containsExactly("error");
        assertThat(rest.getFirst().data().at("/error/type").asText()).isEqualTo("overloaded_error");
        assertThat(model.awaitCancel()).isTrue();
      }
    }
  }

  @Test
  void stoppingLetsStreamsFinishAndRefusesNewWork() throws IOException {
    try (TestGateway server = TestGateway.start();
        RawConnection other = new RawConnection(server).head("GET /healthz")) {
      other.readHead();
      var opening = server.open(stream(server));
      FakeGeneration model = server.models.take().start(1).text("a");
      HttpResponse<InputStream> response = opening.join();
      Events events = new Events(response.body());
      events.await("content_block_delta");
      CompletableFuture<Void> stopped = CompletableFuture.runAsync(() -> server.gateway.stop(LONG));
      assertThat(other.awaitClose()).isTrue();
      assertThat(refused(server)).isTrue();
      model.text("b").endTurn();
      assertThat(Events.names(events.rest())).endsWith("message_stop");
      stopped.join();
      assertThat(model.isCancelled()).isFalse();
    }
  }

  @Test
  void stoppingEndsAnAnswerThatIsNotStreamedWithAnErrorResponse() throws IOException {
    try (TestGateway server = TestGateway.start();
        RawConnection client = new RawConnection(server)) {
      client.post("/v1/messages", TestGateway.body(""));
      FakeGeneration model = server.models.take().start(1).text("a");
      server.gateway.stop(Duration.ofMillis(50));
      assertThat(client.readHead()).startsWith("HTTP/1.1 529 ");
      assertThat(client.readAll()).contains("shutting down");
      assertThat(model.awaitCancel()).isTrue();
    }
  }

  @Test
  void twoCallsOnOneConnectionAreAnsweredInTurn() throws IOException {
    try (TestGateway server = TestGateway.start();
        RawConnection client = new RawConnection(server)) {
      server.models.script(model -> model.start(1).text("a").endTurn());
      client.post("/v1/messages", TestGateway.body(""));
      client.post("/v1/messages/count_tokens", "{}");
      String head = client.readHead();
      assertThat(head).startsWith("HTTP/1.1 200 ");
      client.readBody(head);
      assertThat(client.readHead()).startsWith("HTTP/1.1 400 ");
    }
  }

  private static boolean refused(TestGateway server) {
    try (RawConnection late = new RawConnection(server)) {
      return late.awaitClose();
    } catch (IOException e) {
      return true;
    }
  }

  private static String unchunked(InputStream in) throws IOException {
    StringBuilder text = new StringBuilder();
    while (true) {
      StringBuilder size = new StringBuilder();
      int next;
      while ((next = in.read()) != '\n') {
        size.append((char) next);
      }
      int length = Integer.parseInt(size.toString().strip(), 16);
      if (length == 0) {
        return text.toString();
      }
      text.append(new String(in.readNBytes(length), java.nio.charset.StandardCharsets.US_ASCII));
      in.readNBytes(2);
    }
  }

  private static TestGateway server(GatewayLimits.Streams streams) {
    return new TestGateway.Setup()
        .limits(TestGateway.limits(GatewayLimits.Requests.DEFAULTS, streams))
        .start();
  }

  private static HttpRequest.Builder stream(TestGateway server) {
    return server.post("/v1/messages", TestGateway.body(",\"stream\":true"));
  }
}
