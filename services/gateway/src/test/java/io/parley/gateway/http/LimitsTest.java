package io.parley.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.gateway.GatewayLimits;
import io.parley.testkit.FakeGeneration;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LimitsTest {
  private static final int MAX_BODY = 1 << 20;
  private static final GatewayLimits.Requests REQUESTS =
      new GatewayLimits.Requests(MAX_BODY, 3 << 20, 60_000, 16, 1_000, 100, 10, 10, 10, 10);

  @Test
  void aBodyOfAHundredMegabytesIsRefusedBeforeItIsSent() throws IOException {
    try (TestGateway server = server(REQUESTS);
        RawConnection client = new RawConnection(server)) {
      client.head("POST /v1/messages", "content-length: 104857600");
      assertThat(client.readHead())
          .startsWith("HTTP/1.1 413 ")
          .containsIgnoringCase("connection: close");
      assertThat(client.readAll()).contains("request_too_large");
    }
  }

  @Test
  void aClientThatSendsFirstGetsToSeeTheRefusal() throws IOException {
    try (TestGateway server = server(REQUESTS);
        RawConnection client = new RawConnection(server)) {
      client.head("POST /v1/messages", "content-length: 104857600");
      byte[] megabyte = new byte[1 << 20];
      for (int i = 0; i < 20; i++) {
        client.send(megabyte);
      }
      assertThat(client.readHead()).startsWith("HTTP/1.1 413 ");
    }
  }

  @Test
  void aChunkedBodyIsRefusedWhenItHasGrownTooLarge() throws IOException {
    try (TestGateway server = server(REQUESTS);
        RawConnection client = new RawConnection(server)) {
      client.head("POST /v1/messages", "transfer-encoding: chunked");
      String chunk = "10000\r\n" + " ".repeat(0x10000) + "\r\n";
      for (int i = 0; i < 17; i++) {
        client.send(chunk);
      }
      assertThat(client.readHead())
          .startsWith("HTTP/1.1 413 ")
          .containsIgnoringCase("connection: close");
      assertThat(client.awaitClose()).isTrue();
    }
  }

  @Test
  void aBodyOfJustTheLimitIsRead() throws IOException {
    try (TestGateway server = server(REQUESTS);
        RawConnection client = new RawConnection(server)) {
      client.post("/v1/messages", " ".repeat(MAX_BODY));
      assertThat(client.readHead()).startsWith("HTTP/1.1 400 ");
    }
  }

  @Test
  void aClientThatAsksIsToldToContinueOnlyIfItMay() throws IOException {
    try (TestGateway server = server(REQUESTS);
        RawConnection asks = new RawConnection(server);
        RawConnection asksTooMuch = new RawConnection(server)) {
      String body = TestGateway.body("");
      server.models.script(model -> model.start(1).endTurn());
      asks.head("POST /v1/messages", "expect: 100-continue", "content-length: " + body.length());
      assertThat(asks.readHead()).startsWith("HTTP/1.1 100 ");
      asks.send(body);
      assertThat(asks.readHead()).startsWith("HTTP/1.1 200 ");
      asksTooMuch.head("POST /v1/messages", "expect: 100-continue", "content-length: 2000000");
      assertThat(asksTooMuch.readHead()).startsWith("HTTP/1.1 413 ");
    }
  }

  @Test
  void bodiesTogetherHaveALimitToo() throws IOException {
    GatewayLimits.Requests requests =
        new GatewayLimits.Requests(MAX_BODY, 1 << 20, 60_000, 16, 1_000, 100, 10, 10, 10, 10);
    try (TestGateway server = server(requests)) {
      assertThat(answersBesideALargeBody(server)).contains("HTTP/1.1 529 ");
      // What the large ones took is given back when they go.
      assertThat(answersOf(server, 300_000, 100)).contains("HTTP/1.1 400 ");
    }
  }

  /**
   * What a second body gets while a first one holds most of the budget. The server may read the
   * second before it has read all of the first, which is then the one that finds no room; hence
   * several goes.
   */
  private static Set<String> answersBesideALargeBody(TestGateway server) throws IOException {
    Set<String> answers = new HashSet<>();
    for (int go = 0; go < 100 && !answers.contains("HTTP/1.1 529 "); go++) {
      try (RawConnection first = new RawConnection(server)) {
        first.head("POST /v1/messages", "content-length: 1000000");
        first.send(new byte[900_000]);
        answers.addAll(answersOf(server, 300_000, 5));
        first.hangUp();
      }
    }
    return answers;
  }

  /** The beginnings of the answers to so many bodies of blanks, one after the other. */
  private static Set<String> answersOf(TestGateway server, int bytes, int times)
      throws IOException {
    Set<String> answers = new HashSet<>();
    for (int i = 0; i < times; i++) {
      try (RawConnection connection = new RawConnection(server)) {
        connection.post("/v1/messages", " ".repeat(bytes));
        answers.add(connection.readHead().substring(0, "HTTP/1.1 ___ ".length()));
      }
    }
    return answers;
  }

  @Test
  void aSlowSenderIsTimedOut() throws IOException {
    GatewayLimits.Requests requests =
        new GatewayLimits.Requests(MAX_BODY, 3 << 20, 100, 16, 1_000, 100, 10, 10, 10, 10);
    try (TestGateway server = server(requests);
        RawConnection client = new RawConnection(server)) {
      client.head("POST /v1/messages", "content-length: 100000").send("{\"model\":");
      assertThat(client.readHead())
          .startsWith("HTTP/1.1 408 ")
          .containsIgnoringCase("connection: close");
      assertThat(client.readAll()).contains("timeout_error");
    }
  }

  @Test
  void aConnectionThatNeverFinishesAHeadIsClosed() throws IOException {
    GatewayLimits limits =
        new GatewayLimits(
            REQUESTS,
            GatewayLimits.Streams.DEFAULTS,
            new GatewayLimits.Connections(100, 100, 100, 8192, 32_768));
    try (TestGateway server = new TestGateway.Setup().limits(limits).start();
        RawConnection client = new RawConnection(server)) {
      client.send("POST /v1/messages HTTP/1.1\r\nx: ");
      assertThat(client.awaitClose()).isTrue();
    }
  }

  @Test
  void oneConnectionTooManyIsClosed() throws IOException {
    GatewayLimits limits =
        new GatewayLimits(
            REQUESTS,
            GatewayLimits.Streams.DEFAULTS,
            new GatewayLimits.Connections(1, 60_000, 100, 8192, 32_768));
    try (TestGateway server = new TestGateway.Setup().limits(limits).start();
        RawConnection first = new RawConnection(server).head("GET /healthz")) {
      assertThat(first.readHead()).startsWith("HTTP/1.1 200 ");
      try (RawConnection second = new RawConnection(server)) {
        assertThat(second.awaitClose()).isTrue();
      }
    }
  }

  @Test
  void droppedConnectionsMakeRoomForOthers() throws IOException {
    GatewayLimits limits =
        new GatewayLimits(
            REQUESTS,
            GatewayLimits.Streams.DEFAULTS,
            new GatewayLimits.Connections(200, 60_000, 100, 8192, 32_768));
    try (TestGateway server = new TestGateway.Setup().limits(limits).start()) {
      for (int i = 0; i < 1_000; i++) {
        try (RawConnection dropped = new RawConnection(server)) {
          dropped.send("POST /v1/messages HTTP/1.1\r\n");
        }
      }
      assertThat(statusOnceThereIsRoom(server)).isEqualTo(200);
    }
  }

  /** The server closes what it has no room for, until it has noticed that the dropped ones left. */
  private static int statusOnceThereIsRoom(TestGateway server) {
    for (int attempt = 1; ; attempt++) {
      try {
        return server.send(server.request("/healthz")).statusCode();
      } catch (UncheckedIOException closed) {
        assertThat(attempt).as("attempts").isLessThan(1_000);
      }
    }
  }

  @Test
  void oneCallTooManyIsRefused() {
    GatewayLimits limits =
        new GatewayLimits(
            REQUESTS,
            new GatewayLimits.Streams(1, 1 << 20, 60_000, 60_000, 65_536),
            GatewayLimits.Connections.DEFAULTS);
    try (TestGateway server = new TestGateway.Setup().limits(limits).start()) {
      var body = TestGateway.body(",\"stream\":true");
      server.models.script(model -> model.start(1));
      HttpResponse<InputStream> first = server.open(server.post("/v1/messages", body)).join();
      HttpResponse<String> second = server.send(server.post("/v1/messages", body));
      assertThat(second.statusCode()).isEqualTo(529);
      FakeGeneration model = server.models.take();
      model.endTurn();
      assertThat(Events.names(new Events(first.body()).rest())).contains("message_stop");
      server.models.script(again -> again.start(1).endTurn());
      int status;
      do {
        status = server.send(server.post("/v1/messages", body)).statusCode();
      } while (status == 529);
      assertThat(status).isEqualTo(200);
    }
  }

  @Test
  void headersThatAreTooLargeAreRefused() throws IOException {
    try (TestGateway server = server(REQUESTS);
        RawConnection client = new RawConnection(server)) {
      client.head("GET /healthz", "x-large: " + "x".repeat(40_000));
      assertThat(client.readHead()).startsWith("HTTP/1.1 431 ");
    }
  }

  @Test
  void aRequestLineThatIsTooLongIsRefused() throws IOException {
    try (TestGateway server = server(REQUESTS);
        RawConnection client = new RawConnection(server)) {
      client.head("GET /" + "x".repeat(10_000));
      assertThat(client.readHead()).matches("(?s)HTTP/1.\\d 414 .*");
    }
  }

  @Test
  void whatIsNotHttpIsRefused() throws IOException {
    try (TestGateway server = server(REQUESTS);
        RawConnection client = new RawConnection(server)) {
      client.send("hello there\r\n\r\n");
      assertThat(client.readHead()).startsWith("HTTP/1.");
      assertThat(client.awaitClose()).isTrue();
    }
  }

  private static TestGateway server(GatewayLimits.Requests requests) {
    return new TestGateway.Setup()
        .limits(
            new GatewayLimits(
                requests, GatewayLimits.Streams.DEFAULTS, GatewayLimits.Connections.DEFAULTS))
        .start();
  }
}
