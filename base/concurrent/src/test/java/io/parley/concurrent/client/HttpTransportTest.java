package io.parley.concurrent.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Against a server on the loopback interface. */
@Timeout(60)
class HttpTransportTest {
  private static final long LONG = 60_000_000_000L;

  private final CountDownLatch end = new CountDownLatch(1);
  private final List<String> seen = new ArrayList<>();
  private HttpClient http = HttpClient.newHttpClient();
  private HttpServer server = create();
  private Transport transport = new HttpTransport(http, 1_000);

  private static HttpServer create() {
    try {
      return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @BeforeEach
  void start() {
    server.createContext(
        "/echo",
        exchange -> {
          byte[] body = exchange.getRequestBody().readAllBytes();
          seen.add(
              exchange.getRequestMethod()
                  + " "
                  + exchange.getRequestHeaders().getFirst("Idempotency-Key")
                  + " "
                  + exchange.getRequestHeaders().getFirst("X-Api-Key"));
          exchange.getResponseHeaders().add("Retry-After", "7");
          exchange.sendResponseHeaders(503, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.createContext(
        "/large",
        exchange -> {
          exchange.sendResponseHeaders(200, 1_001);
          exchange.getResponseBody().write(new byte[1_001]);
          exchange.close();
        });
    server.createContext(
        "/trickle",
        exchange -> {
          exchange.sendResponseHeaders(200, 10);
          exchange.getResponseBody().write(1);
          exchange.getResponseBody().flush();
          await(end);
          exchange.close();
        });
    server.start();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @AfterEach
  void stop() {
    end.countDown();
    server.stop(0);
    http.close();
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
  }

  @Test
  void carriesMethodHeadersKeyBodyAndStatus() throws Exception {
    ApiRequest request =
        ApiRequest.post(uri("/echo"), "hello".getBytes(StandardCharsets.UTF_8))
            .withHeader("X-Api-Key", "secret")
            .withIdempotencyKey("key-1");
    ApiResponse response = transport.send(request, LONG);
    assertThat(response.status()).isEqualTo(503);
    assertThat(response.header("RETRY-AFTER")).contains("7");
    assertThat(new String(response.body(), StandardCharsets.UTF_8)).isEqualTo("hello");
    assertThat(seen).containsExactly("POST key-1 secret");
  }

  @Test
  void anEndlessBodyIsAnError() {
    assertThatThrownBy(() -> transport.send(ApiRequest.get(uri("/large")), LONG))
        .isInstanceOf(IOException.class)
        .isNotInstanceOf(NotSentException.class);
  }

  @Test
  void aBodyThatTricklesInIsGivenUp() {
    assertThatThrownBy(() -> transport.send(ApiRequest.get(uri("/trickle")), 200_000_000))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("in time");
  }

  @Test
  void aRefusedConnectionSentNothing() throws Exception {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    ApiRequest request = ApiRequest.post(URI.create("http://127.0.0.1:" + port), new byte[] {1});
    assertThatThrownBy(() -> transport.send(request, LONG)).isInstanceOf(NotSentException.class);
  }
}
