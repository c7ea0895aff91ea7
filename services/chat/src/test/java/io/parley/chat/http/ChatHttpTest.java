package io.parley.chat.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.chat.ChatLimits;
import io.parley.chat.ChatUser;
import io.parley.common.ParleyException;
import io.parley.common.TimeSource;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every route of chat has in common: who is let through, and how errors look. */
class ChatHttpTest {
  record Greeting(String name, int times) {
    Greeting {
      if (times > 3) {
        throw ParleyException.invalid("times: at most 3, and this is " + times);
      }
    }
  }

  private final Vertx vertx = Vertx.vertx();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpClient client = HttpClient.newHttpClient();
  private final AtomicInteger over = new AtomicInteger();
  private volatile boolean signedIn = true;
  private HttpServer server;

  @BeforeEach
  void start() {
    Session session = new Session(new ChatUser("org", "usr_1", false), "token");
    ChatHttp chat =
        new ChatHttp(
            List.of(
                ChatRoute.anybody("GET", "/open", call -> call.reply(200, Map.of("open", true))),
                ChatRoute.anybody("POST", "/open", call -> call.reply(204)),
                ChatRoute.signedIn(
                    "GET",
                    "/things/:thing_id",
                    call ->
                        call.reply(
                            200,
                            Map.of("user", call.user().userId(), "thing", call.path("thing_id")))),
                ChatRoute.signedIn(
                    "POST", "/greet", call -> call.reply(201, call.json(Greeting.class))),
                ChatRoute.signedIn("GET", "/late", this::openLate),
                ChatRoute.anybody(
                    "GET",
                    "/broken",
                    call -> {
                      throw new IllegalStateException("a secret");
                    })),
            cookie -> signedIn && cookie.equals("good") ? Optional.of(session) : Optional.empty(),
            threads,
            TimeSource.system(),
            ChatLimits.DEFAULTS);
    var handler = chat.on(vertx);
    server =
        vertx
            .createHttpServer()
            .requestHandler(request -> handler.accept(request, over::incrementAndGet))
            .listen(0, "127.0.0.1")
            .await();
  }

  @AfterEach
  void stop() {
    client.close();
    vertx.close().await();
    threads.close();
  }

  @Test
  void aSignedInRouteNeedsASession() throws Exception {
    assertThat(send("GET", "/things/7", "").statusCode()).isEqualTo(401);
    assertThat(send("GET", "/things/7", "", "cookie", "parley_session=bad").statusCode())
        .isEqualTo(401);
    assertThat(send("GET", "/things/7", "", "cookie", "parley_session=good").body())
        .contains("\"user\":\"usr_1\"", "\"thing\":\"7\"");
  }

  /** Opens a stream, just before which the session ends that it was let in with. */
  private void openLate(ChatCall call) {
    signedIn = false;
    call.sessionEnded(call.user().userId());
    SseStream _ = call.streams().begin(call, true);
  }

  @Test
  void aStreamThatOpensWhileItsSessionEndsEndsAtOnce() throws Exception {
    assertThat(send("GET", "/late", "", "cookie", "parley_session=good"))
        .as("with a sign of life in it, it would have ended at a later look")
        .satisfies(
            stream -> assertThat(stream.statusCode()).isEqualTo(200),
            stream -> assertThat(stream.body()).isEmpty());
  }

  @Test
  void aChangeNeedsTheTokenOfItsSession() throws Exception {
    String body = "{\"name\":\"a\",\"times\":1}";
    HttpResponse<String> without =
        send("POST", "/greet", body, "cookie", "parley_session=good", "x-parley-csrf", "other");
    assertThat(without.statusCode()).isEqualTo(403);
    assertThat(without.body()).contains("x-parley-csrf");
    assertThat(greet(body).statusCode()).isEqualTo(201);
  }

  @Test
  void aPageFromElsewhereChangesNothingEvenWithoutASession() throws Exception {
    assertThat(send("POST", "/open", "").statusCode()).isEqualTo(204);
    assertThat(send("POST", "/open", "", "sec-fetch-site", "cross-site").statusCode())
        .isEqualTo(403);
    assertThat(send("POST", "/open", "", "origin", "https://evil.example").statusCode())
        .isEqualTo(403);
    assertThat(send("POST", "/open", "", "origin", "http://127.0.0.1:" + server.actualPort()))
        .extracting(HttpResponse::statusCode)
        .isEqualTo(204);
  }

  @Test
  void aWrongBodyIsToldWhichFieldIsWrong() throws Exception {
    assertThat(greet("{\"name\":\"a\",\"times\":\"x\"}").body()).contains("times: ");
    assertThat(greet("{\"name\":\"a\",\"times\":1,\"many\":1}").body())
        .contains("many: is no field");
    assertThat(greet("{\"name\":\"a\",\"times\":4}").body())
        .contains("\"times: at most 3, and this is 4");
    assertThat(greet("{\"name\":").body()).contains("body: ");
    assertThat(greet("").body()).contains("body: ");
  }

  @Test
  void errorsHaveTheShapeOfTheMessagesApiAndTellNoSecrets() throws Exception {
    assertThat(send("GET", "/nothing", ""))
        .satisfies(
            answer -> {
              assertThat(answer.statusCode()).isEqualTo(404);
              assertThat(answer.body()).contains("\"type\":\"not_found_error\"");
            });
    assertThat(send("DELETE", "/open", "").statusCode()).isEqualTo(405);
    HttpResponse<String> broken = send("GET", "/broken", "");
    assertThat(broken.statusCode()).isEqualTo(500);
    assertThat(broken.body()).contains("api_error").doesNotContain("a secret");
    ArchiveWorld.eventually(() -> over.get() == 3); // told after the client has its answer
  }

  @Test
  void aBodyBeyondTheLimitIsRefused() throws Exception {
    assertThat(greet("x".repeat((int) ChatHttp.MAX_BODY_BYTES + 1)).statusCode()).isEqualTo(413);
  }

  private HttpResponse<String> greet(String body) throws IOException, InterruptedException {
    return send("POST", "/greet", body, "cookie", "parley_session=good", "x-parley-csrf", "token");
  }

  private HttpResponse<String> send(String method, String path, String body, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + server.actualPort() + ChatHttp.ROOT + path))
            .method(method, HttpRequest.BodyPublishers.ofString(body));
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }
}
