package io.parley.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ErrorsTest {
  private final TestGateway server = TestGateway.start();

  @AfterAll
  void stop() {
    server.close();
  }

  @ParameterizedTest
  @EnumSource(ErrorCode.class)
  void everyErrorOfAModelHasItsStatusAndType(ErrorCode code) {
    try (TestGateway other = TestGateway.start()) {
      other.models.refuse(new ParleyException(code, "because"));
      HttpResponse<String> response =
          other.send(other.post("/v1/messages", TestGateway.body(",\"stream\":true")));
      assertThat(response.statusCode())
          .isEqualTo(
              switch (code) {
                case INVALID_REQUEST -> 400;
                case AUTHENTICATION -> 401;
                case BILLING -> 402;
                case PERMISSION -> 403;
                case NOT_FOUND -> 404;
                case CONFLICT -> 409;
                case REQUEST_TOO_LARGE -> 413;
                case RATE_LIMIT -> 429;
                case API -> 500;
                case TIMEOUT -> 504;
                case OVERLOADED -> 529;
              });
      MessagesTest.assertError(response, code.wireName(), "because");
    }
  }

  @Test
  void anUnexpectedFailureTellsNothing() {
    try (TestGateway other = TestGateway.start()) {
      other.models.refuse(new IllegalStateException("a secret"));
      HttpResponse<String> response = other.send(other.post("/v1/messages", TestGateway.body("")));
      assertThat(response.statusCode()).isEqualTo(500);
      MessagesTest.assertError(response, "api_error", "Internal error");
    }
  }

  @Test
  void anUnknownModelIsNotFound() {
    String body = TestGateway.body("").replace(TestGateway.MODEL, "gpt-9");
    HttpResponse<String> response = server.send(server.post("/v1/messages", body));
    assertThat(response.statusCode()).isEqualTo(404);
    MessagesTest.assertError(response, "not_found_error", "model: gpt-9");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "{\"a\":1,}", "[]", "\"x\"", "{} {}", "{\"a\":1,\"a\":2}"})
  void aBodyThatIsNotOneJsonObjectIsRefused(String body) {
    HttpResponse<String> response = server.send(server.post("/v1/messages", body));
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(Events.json(response.body()).at("/error/message").asText()).startsWith("body: ");
  }

  @Test
  void aCompressedBodyIsRefusedByName() {
    HttpResponse<String> response =
        server.send(
            server.post("/v1/messages", TestGateway.body("")).header("content-encoding", "gzip"));
    assertThat(response.statusCode()).isEqualTo(400);
    MessagesTest.assertError(
        response, "invalid_request_error", "content-encoding: must be absent, got gzip");
  }

  @ParameterizedTest
  @CsvSource({
    "x-api-key, sk-parley-test, 200",
    "authorization, Bearer sk-parley-test, 200",
    "authorization, bearer sk-parley-test, 200",
    "x-api-key, sk-wrong, 401",
    "authorization, Bearer sk-wrong, 401",
    "authorization, Basic sk-parley-test, 401",
    "x-other, sk-parley-test, 401",
  })
  void aKnownKeyIsNeeded(String header, String value, int status) {
    HttpResponse<String> response =
        server.send(
            HttpRequest.newBuilder(uri("/v1/models"))
                .header(header, value)
                .header("anthropic-version", "2026-10-21"));
    assertThat(response.statusCode()).isEqualTo(status);
    if (status == 401) {
      assertThat(Events.json(response.body()).at("/error/type").asText())
          .isEqualTo("authentication_error");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"2023-01-01", "2023-06-01", "2026-05-01", "2026-10-21"})
  void everyKnownVersionIsServed(String version) {
    assertThat(server.send(models(version)).statusCode()).isEqualTo(200);
  }

  @Test
  void anUnknownVersionIsRefusedByTheNameOfTheHeader() {
    HttpResponse<String> response = server.send(models("2020-01-01"));
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(Events.json(response.body()).at("/error/message").asText())
        .startsWith("anthropic-version: must be one of 2023-01-01, ");
  }

  @Test
  void aMissingVersionIsRefusedByTheNameOfTheHeader() {
    HttpResponse<String> response =
        server.send(HttpRequest.newBuilder(uri("/v1/models")).header("x-api-key", TestGateway.KEY));
    assertThat(response.statusCode()).isEqualTo(400);
    MessagesTest.assertError(
        response, "invalid_request_error", "anthropic-version: header is required");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/v2/messages", "/v1/messages/", "/v1", "/v1/models/", "/favicon.ico", "//"})
  void anUnknownPathIsNotFound(String path) {
    HttpResponse<String> response = server.send(server.request(path));
    assertThat(response.statusCode()).isEqualTo(404);
    MessagesTest.assertError(response, "not_found_error", "No such path: " + path);
  }

  @Test
  void aWrongMethodNamesTheRightOnes() {
    HttpResponse<String> response = server.send(server.request("/v1/messages"));
    assertThat(response.statusCode()).isEqualTo(405);
    assertThat(response.headers().firstValue("allow")).hasValue("POST");
    HttpResponse<String> root = server.send(server.post("/", "{}"));
    assertThat(root.statusCode()).isEqualTo(405);
    assertThat(root.headers().firstValue("allow")).hasValue("GET, HEAD");
  }

  @Test
  void everyResponseHasARequestId() {
    for (String path : new String[] {"/", "/healthz", "/nowhere", "/v1/models", "/metrics"}) {
      assertThat(server.send(server.request(path)).headers().firstValue("request-id").orElse(""))
          .as(path)
          .startsWith("req_");
    }
  }

  @Test
  void anErrorToAnUnreadSmallBodyKeepsTheConnection() {
    HttpResponse<String> response =
        server.send(
            HttpRequest.newBuilder(uri("/v1/messages")).POST(BodyPublishers.ofString("{}")));
    assertThat(response.statusCode()).isEqualTo(401);
    assertThat(response.headers().firstValue("connection")).isEmpty();
  }

  private HttpRequest.Builder models(String version) {
    return HttpRequest.newBuilder(uri("/v1/models"))
        .header("x-api-key", TestGateway.KEY)
        .header("anthropic-version", version);
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + server.gateway.port() + path);
  }
}
