package io.parley.chat.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.parley.chat.ChatLimits;
import io.parley.common.TimeSource;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** Routes on a port of the loop-back address, and browsers that call them. */
final class TestChat implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();

  private final Vertx vertx = Vertx.vertx();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpClient client = HttpClient.newHttpClient();
  private final HttpServer server;

  TestChat(List<ChatRoute> routes, Sessions sessions) {
    var handler =
        new ChatHttp(routes, sessions, threads, TimeSource.system(), ChatLimits.DEFAULTS).on(vertx);
    server =
        vertx
            .createHttpServer()
            .requestHandler(request -> handler.accept(request, () -> {}))
            .listen(0, "127.0.0.1")
            .await();
  }

  String url() {
    return "http://127.0.0.1:" + server.actualPort() + ChatHttp.ROOT;
  }

  /** A browser without cookies. */
  Browser browser() {
    return new Browser(null, null);
  }

  @Override
  public void close() {
    client.close();
    vertx.close().await();
    threads.close();
  }

  /** An answer, read whole. */
  record Answer(int status, HttpResponse<byte[]> response) {
    String text() {
      return new String(response.body(), StandardCharsets.UTF_8);
    }

    JsonNode json() {
      try {
        return JSON.readTree(response.body());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** Type and message. */
    String error() {
      return json().at("/error/type").textValue() + " " + json().at("/error/message").textValue();
    }

    String header(String name) {
      return response.headers().firstValue(name).orElse("");
    }
  }

  /** Keeps the session's cookie and its CSRF token, as a page would. */
  final class Browser {
    private @Nullable String cookie;
    private @Nullable String token;

    private Browser(@Nullable String cookie, @Nullable String token) {
      this.cookie = cookie;
      this.token = token;
    }

    Browser copy() {
      return new Browser(cookie, token);
    }

    Answer get(String path) {
      return send("GET", path, "");
    }

    Answer send(String method, String path, String body, String... headers) {
      HttpRequest.Builder request = request(method, path, body, headers);
      if (token != null) {
        request.header("x-parley-csrf", token);
      }
      return keep(exchange(request.build()));
    }

    /** Sends bytes that are no text. */
    Answer upload(String path, String contentType, byte[] body) {
      HttpRequest.Builder request =
          request("POST", path, "", "content-type", contentType)
              .POST(HttpRequest.BodyPublishers.ofByteArray(body));
      if (token != null) {
        request.header("x-parley-csrf", token);
      }
      return keep(exchange(request.build()));
    }

    /** Opens a stream; completes with what it said when the server ends it. */
    CompletableFuture<String> stream(String path) {
      HttpRequest request = request("GET", path, "").build();
      try {
        HttpResponse<InputStream> response =
            client.send(request, HttpResponse.BodyHandlers.ofInputStream());
        return CompletableFuture.supplyAsync(() -> read(response.body()), threads);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    private static String read(InputStream body) {
      try (body) {
        return new String(body.readAllBytes(), StandardCharsets.UTF_8);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    Answer sendWithoutToken(String method, String path, String body) {
      return keep(exchange(request(method, path, body).build()));
    }

    private HttpRequest.Builder request(
        String method, String path, String body, String... headers) {
      String address = path.startsWith("http") ? path : url() + path;
      HttpRequest.Builder request =
          HttpRequest.newBuilder(URI.create(address))
              .method(method, HttpRequest.BodyPublishers.ofString(body));
      for (int i = 0; i < headers.length; i += 2) {
        request.header(headers[i], headers[i + 1]);
      }
      if (cookie != null) {
        request.header("cookie", cookie);
      }
      return request;
    }

    private Answer keep(Answer answer) {
      Optional.of(answer.header("set-cookie"))
          .filter(set -> !set.isEmpty())
          .ifPresent(set -> cookie = set.substring(0, set.indexOf(';')));
      if (answer.header("content-type").equals("application/json")) {
        Optional.ofNullable(answer.json().get("csrf_token"))
            .ifPresent(given -> token = given.textValue());
      }
      return answer;
    }
  }

  private Answer exchange(HttpRequest request) {
    try {
      HttpResponse<byte[]> response = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
      return new Answer(response.statusCode(), response);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
