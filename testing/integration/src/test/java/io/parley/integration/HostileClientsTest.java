package io.parley.integration;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Garbage, floods and half-finished requests: clear errors, and the server goes on as before. */
@SuppressWarnings("NullAway.Init") // set by beforeAll
class HostileClientsTest {
  private static final int MEBIBYTE = 1 << 20;
  private static final String QUESTION =
      """
      {"model": "parley-mini", "max_tokens": 20,
       "messages": [{"role": "user", "content": "hi"}]}""";

  @TempDir static Path directory;
  private static RunningParley parley;

  @BeforeAll
  static void start() {
    parley = RunningParley.start(directory);
  }

  @AfterAll
  static void stop() {
    parley.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          {"model": "parley-mini"                                                      | JSON
          []                                                                           | object
          {"max_tokens": 5, "messages": [{"role": "user", "content": "x"}]}            | model
          {"model": "parley-mini", "max_tokens": "5", "messages": []}                  | max_tokens
          {"model": "parley-mini", "max_tokens": 5, "messages": []}                    | messages
          {"model": "parley-mini", "max_tokens": 5, "messages": [{"role": "user"}]}    | messages.0.content
          {"model": "parley-mini", "max_tokens": 5, "messages": "x"}                   | messages
          {"model": "parley-mini", "max_tokens": 5, "messages": [{"role": "user", "content": "x"}], "speed": 1} | speed
          """)
  void wrongBodiesGetA400ThatNamesTheField(String body, String named) {
    HttpResponse<String> response = parley.post(body);
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.body()).contains("invalid_request_error").contains(named);
    assertThat(response.headers().firstValue("request-id")).isPresent();
  }

  @Test
  void aBodyOf100MebibytesIsRefusedWhileItIsSent() throws IOException {
    for (String length :
        new String[] {"content-length: " + 100 * MEBIBYTE, "transfer-encoding: chunked"}) {
      long before = parley.memoryBytes();
      try (Socket socket = parley.connect()) {
        OutputStream out = socket.getOutputStream();
        out.write(head(length).getBytes(UTF_8));
        flood(out, length.startsWith("transfer"));
        assertThat(new String(socket.getInputStream().readNBytes(12), UTF_8))
            .isEqualTo("HTTP/1.1 413");
      }
      assertThat(parley.memoryBytes() - before).isLessThan(48L * MEBIBYTE);
    }
    assertStillAnswers();
  }

  private static String head(String more) {
    return "POST /v1/messages HTTP/1.1\r\nhost: x\r\nx-api-key: "
        + parley.key()
        + "\r\nanthropic-version: 2023-06-01\r\ncontent-type: application/json\r\n"
        + more
        + "\r\n\r\n";
  }

  /** Sends 100 MiB of a string that never ends, until the server hangs up. */
  private static void flood(OutputStream out, boolean chunked) {
    byte[] piece = new byte[MEBIBYTE];
    java.util.Arrays.fill(piece, (byte) 'x');
    try {
      for (int i = 0; i < 100; i++) {
        if (chunked) {
          out.write("100000\r\n".getBytes(UTF_8));
        }
        out.write(piece);
        if (chunked) {
          out.write("\r\n".getBytes(UTF_8));
        }
      }
    } catch (IOException hungUp) {
      assertThat(hungUp).isInstanceOf(SocketException.class);
    }
  }

  @Test
  void tenThousandDroppedConnectionsLeaveNothingBehind() throws IOException {
    drop(2_000);
    long before = parley.memoryBytes();
    drop(8_000);
    // What was dropped is noticed one by one; until then there may be no room, and a 529 says so.
    RunningParley.await("room again", () -> parley.post(QUESTION).statusCode() != 529);
    assertStillAnswers();
    RunningParley.await("all blocks free", () -> parley.metric("parley_engine_blocks_used") == 0);
    assertThat(parley.memoryBytes() - before).isLessThan(24L * MEBIBYTE);
  }

  /**
   * Opens connections that say nothing, half a request, or all of it, and leaves without reading.
   */
  private static void drop(int connections) throws IOException {
    String whole = head("content-length: " + QUESTION.length()) + QUESTION;
    for (int i = 0; i < connections; i++) {
      try (Socket socket = parley.connect()) {
        int sent = new int[] {0, 20, whole.length() - 5, whole.length()}[i % 4];
        socket.getOutputStream().write(whole.substring(0, sent).getBytes(UTF_8));
      }
    }
  }

  private static void assertStillAnswers() {
    assertThat(parley.post(QUESTION).statusCode()).isEqualTo(200);
  }
}
