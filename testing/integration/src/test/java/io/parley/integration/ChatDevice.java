package io.parley.integration;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Map;

/**
 * A device that somebody chats on: what a page does, without the page. Thread-safe. Whatever it is
 * asked for throws {@link IOException} if the server is not there, or goes meanwhile.
 */
final class ChatDevice {
  static final JsonMapper JSON = new JsonMapper();

  private final HttpClient http;
  private final String url;
  private final String cookie;
  private final String csrf;

  private ChatDevice(HttpClient http, String url, String cookie, String csrf) {
    this.http = http;
    this.url = url;
    this.cookie = cookie;
    this.csrf = csrf;
  }

  /** A reply to a request. */
  record Reply(int status, JsonNode json) {
    String text(String pointer) {
      return json.at(pointer).asText();
    }
  }

  /** The first device of a new guest. */
  static ChatDevice ofGuest(HttpClient http, String server) throws IOException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(server + "/chat/v1/guest"))
            .POST(BodyPublishers.noBody())
            .build();
    HttpResponse<String> welcome = send(http, request, BodyHandlers.ofString());
    String cookie = welcome.headers().firstValue("set-cookie").orElseThrow();
    return new ChatDevice(
        http,
        server + "/chat/v1",
        cookie.substring(0, cookie.indexOf(';')),
        JSON.readTree(welcome.body()).get("csrf_token").asText());
  }

  /** Another one of the same person. */
  ChatDevice another(HttpClient other) {
    return new ChatDevice(other, url, cookie, csrf);
  }

  Reply get(String path) throws IOException {
    return reply(request(path).GET());
  }

  Reply post(String path, Map<String, Object> body) throws IOException {
    return reply(
        request(path)
            .header("content-type", "application/json")
            .POST(BodyPublishers.ofString(JSON.writeValueAsString(body))));
  }

  private Reply reply(HttpRequest.Builder request) throws IOException {
    HttpResponse<String> response =
        send(http, request.timeout(Duration.ofSeconds(15)).build(), BodyHandlers.ofString());
    return new Reply(response.statusCode(), JSON.readTree(response.body()));
  }

  /** The events of a stream from the one on that was had last; empty for all of them. */
  InputStream events(String path, String lastId) throws IOException {
    HttpRequest.Builder request = request(path).GET();
    if (!lastId.isEmpty()) {
      request.header("last-event-id", lastId);
    }
    HttpResponse<InputStream> response = send(http, request.build(), BodyHandlers.ofInputStream());
    if (response.statusCode() != 200) {
      throw new AssertionError(path + " " + response.statusCode());
    }
    return response.body();
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(url + path))
        .header("cookie", cookie)
        .header("x-parley-csrf", csrf);
  }

  private static <T> HttpResponse<T> send(
      HttpClient http, HttpRequest request, HttpResponse.BodyHandler<T> body) throws IOException {
    try {
      return http.send(request, body);
    } catch (HttpTimeoutException e) {
      throw new AssertionError("no reply to " + request, e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
