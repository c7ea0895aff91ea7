package io.parley.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.embedded.SqliteDatabase;
import io.parley.ports.data.Database;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Servers that die by {@code kill -9} while clients send requests with keys, again and again. */
class KilledServerTest {
  private static final int KILLS = 2;
  private static final int CLIENTS = 4;
  private static final int KEYS = 8;

  @TempDir private Path directory;
  private final Random random = new Random(7);
  private final HttpClient client = HttpClient.newHttpClient();

  @Test
  void everyKeyHasOneAnswerAndOneBillAndNobodyGetsAnotherOne() throws Exception {
    createBills();
    Map<String, String> answers = new ConcurrentHashMap<>();
    for (int i = 0; i < KILLS; i++) {
      serve(answers, random.nextInt(1, CLIENTS * KEYS));
    }
    serve(answers, Integer.MAX_VALUE);
    assertThat(answers).hasSize(CLIENTS * KEYS);
    try (Database database = open()) {
      assertThat(count(database, "bills WHERE outcome = 'Answered'")).isEqualTo(CLIENTS * KEYS);
      assertThat(count(database, "idempotency_keys WHERE state = 'answered'"))
          .isEqualTo(CLIENTS * KEYS);
      assertThat(
              count(
                  database,
                  "idempotency_keys JOIN bills USING (request_id) WHERE outcome = 'Answered'"))
          .isEqualTo(CLIENTS * KEYS);
    }
  }

  /** Lets clients send all keys to a server, which dies after so many answers. */
  private void serve(Map<String, String> answers, int untilKilled) throws Exception {
    Process server = start();
    try (BufferedReader lines = server.inputReader()) {
      int port = Integer.parseInt(lines.readLine());
      Semaphore answered = new Semaphore(0);
      List<CompletableFuture<Void>> clients =
          IntStream.range(0, CLIENTS)
              .mapToObj(
                  i -> CompletableFuture.runAsync(() -> sendAll(port, "c" + i, answers, answered)))
              .toList();
      if (untilKilled < Integer.MAX_VALUE) {
        answered.acquire(untilKilled);
      } else {
        clients.forEach(CompletableFuture::join);
      }
      server.toHandle().destroyForcibly();
      server.waitFor();
      clients.forEach(CompletableFuture::join);
    }
  }

  /** Every other request is a stream. What a key was answered once it is answered for ever. */
  private void sendAll(int port, String name, Map<String, String> answers, Semaphore answered) {
    for (int i = 0; i < KEYS; i++) {
      String key = name + "-" + i;
      try {
        String answer = send(port, key, i % 2 == 0 ? "" : ",\"stream\":true");
        assertThat(answers.computeIfAbsent(key, first -> answer)).isEqualTo(answer);
        answered.release();
      } catch (IOException dead) {
        return;
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  private String send(int port, String key, String more) throws IOException, InterruptedException {
    HttpResponse<String> response =
        client.send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v1/messages"))
                .header("x-api-key", TestGateway.KEY)
                .header("anthropic-version", "2023-06-01")
                .header("idempotency-key", key)
                .POST(HttpRequest.BodyPublishers.ofString(TestGateway.body(more)))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return response.body();
  }

  private Process start() throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            KillableServer.class.getName(),
            directory.toString())
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  private void createBills() {
    try (Database database = open()) {
      database.write(
          handle ->
              handle.execute(
                  "CREATE TABLE bills (request_id TEXT PRIMARY KEY, outcome TEXT NOT NULL)"));
    }
  }

  private Database open() {
    return SqliteDatabase.open(directory.resolve("kept.db"), 1);
  }

  private static int count(Database database, String from) {
    return database.<Integer, RuntimeException>read(
        handle -> handle.createQuery("SELECT count(*) FROM " + from).mapTo(Integer.class).one());
  }
}
