package io.parley.integration;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.parley.common.TimeSource;
import io.parley.embedded.SqliteDatabase;
import io.parley.ports.data.Database;
import io.parley.safety.audit.AuditKeys;
import io.parley.safety.audit.AuditReader;
import io.parley.safety.audit.AuditReport;
import io.parley.server.ShellAdministration;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A server that dies by {@code kill -9} at random moments, while clients send requests with keys
 * and without, and a batch is under way. {@code -Dparley.kills=N} sets how often, {@code
 * -Dparley.kill.seed=N} when.
 */
class KilledPlatformTest {
  private static final int KILLS = Integer.getInteger("parley.kills", 2);
  private static final long SEED = Long.getLong("parley.kill.seed", System.nanoTime());
  private static final int CLIENTS = 4;
  private static final int KEYS = Math.max(24, 4 * KILLS);
  private static final int BATCH = Math.max(40, 10 * KILLS);
  private static final String KEYED = "service_tier = 'standard' AND end_user IS NULL";
  private static final String UNKEYED = "{\"metadata\":{\"user_id\":\"unkeyed\"},\"model\"";
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path directory;
  private final Random random = new Random(SEED);
  private final HttpClient http = HttpClient.newHttpClient();
  private final Map<String, String> answers = new ConcurrentHashMap<>();
  private final Set<String> unkeyed = ConcurrentHashMap.newKeySet();

  @AfterEach
  void close() {
    http.close();
  }

  @Test
  void nothingThatWasAcknowledgedIsLostNothingIsBilledTwiceAndTheAuditLogIsSound()
      throws Exception {
    System.out.printf("%d kills, -Dparley.kill.seed=%d%n", KILLS, SEED);
    String batch = "";
    for (int i = 0; i < KILLS; i++) {
      try (RunningParley parley = RunningParley.start(directory)) {
        batch = batch.isEmpty() ? createBatch(parley) : batch;
        List<Thread> clients = new ArrayList<>(clients(parley, new TreeSet<>(answers.keySet())));
        clients.add(Thread.startVirtualThread(() -> askUntilItDies(parley)));
        LockSupport.parkNanos(random.nextLong(50_000_000, 1_500_000_000));
        parley.kill();
        for (Thread client : clients) {
          client.join();
        }
      }
      assertSound();
    }
    finish(batch);
    assertSound();
    assertBilledOnce();
  }

  /** Lets the last server answer whatever is left, and say again what was answered before. */
  private void finish(String batch) throws Exception {
    try (RunningParley parley = RunningParley.start(directory)) {
      for (Thread client : clients(parley, Set.of())) {
        client.join();
      }
      assertThat(answers).hasSize(KEYS);
      assertThat(askWithoutKey(parley)).isTrue();
      awaitEnd(parley, batch);
      assertThat(customIds(parley, batch))
          .containsExactlyInAnyOrderElementsOf(
              IntStream.range(0, BATCH).mapToObj(i -> "r" + i).toList());
      parley.kill();
    }
  }

  /** Each takes a part of the keys, leaves out what it is told, and stops when the server dies. */
  private List<Thread> clients(RunningParley parley, Set<String> done) {
    return IntStream.range(0, CLIENTS)
        .mapToObj(
            client ->
                Thread.startVirtualThread(
                    () -> {
                      boolean alive = true;
                      for (int i = client; i < KEYS && alive; i += CLIENTS) {
                        alive = done.contains("key-" + i) || ask(parley, "key-" + i, i % 2 == 0);
                      }
                    }))
        .toList();
  }

  /** Whether the server lives. What a key was answered once, it is answered for ever. */
  private boolean ask(RunningParley parley, String key, boolean stream) {
    try {
      HttpResponse<String> response =
          http.send(
              request(parley, "/v1/messages")
                  .header("idempotency-key", key)
                  .POST(BodyPublishers.ofString(question(stream)))
                  .build(),
              BodyHandlers.ofString());
      assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
      assertThat(answers.computeIfAbsent(key, first -> response.body())).isEqualTo(response.body());
      return true;
    } catch (IOException dead) {
      return false;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private void askUntilItDies(RunningParley parley) {
    while (askWithoutKey(parley)) {
      // on to the next one
    }
  }

  /** Whether the server lives. Nobody can ask for that answer again; but it is on the bill. */
  private boolean askWithoutKey(RunningParley parley) {
    try {
      HttpResponse<String> response =
          http.send(
              request(parley, "/v1/messages")
                  .POST(BodyPublishers.ofString(question(false).replace("{\"model\"", UNKEYED)))
                  .build(),
              BodyHandlers.ofString());
      assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
      unkeyed.add(messageId(response.body()));
      return true;
    } catch (IOException dead) {
      return false;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static String messageId(String answer) {
    int at = answer.indexOf("msg_");
    return answer.substring(at, at + 30);
  }

  private static String question(boolean stream) {
    return """
    {"model":"parley-mini","max_tokens":12,"stream":%s,
     "messages":[{"role":"user","content":"What is the capital of France?"}]}"""
        .formatted(stream);
  }

  private String createBatch(RunningParley parley) throws Exception {
    String requests =
        IntStream.range(0, BATCH)
            .mapToObj(i -> "{\"custom_id\":\"r%d\",\"params\":%s}".formatted(i, question(false)))
            .collect(Collectors.joining(","));
    HttpResponse<String> made =
        http.send(
            request(parley, "/v1/messages/batches")
                .POST(BodyPublishers.ofString("{\"requests\":[" + requests + "]}"))
                .build(),
            BodyHandlers.ofString());
    assertThat(made.statusCode()).as(made.body()).isEqualTo(200);
    return JSON.readTree(made.body()).get("id").asText();
  }

  private void awaitEnd(RunningParley parley, String batch) {
    long deadline = System.nanoTime() + Duration.ofMinutes(3).toNanos();
    while (!ended(parley, batch)) {
      assertThat(System.nanoTime()).as("the batch ends in time").isLessThan(deadline);
      LockSupport.parkNanos(100_000_000);
    }
  }

  private boolean ended(RunningParley parley, String batch) {
    try {
      return JSON.readTree(get(parley, "/v1/messages/batches/" + batch))
          .get("processing_status")
          .asText()
          .equals("ended");
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private List<String> customIds(RunningParley parley, String batch) throws Exception {
    return get(parley, "/v1/messages/batches/" + batch + "/results")
        .lines()
        .map(KilledPlatformTest::succeeded)
        .toList();
  }

  private static String succeeded(String line) {
    try {
      JsonNode result = JSON.readTree(line);
      assertThat(result.at("/result/type").asText()).as(line).isEqualTo("succeeded");
      return result.get("custom_id").asText();
    } catch (IOException e) {
      throw new AssertionError(line, e);
    }
  }

  private String get(RunningParley parley, String path) throws Exception {
    return http.send(request(parley, path).GET().build(), BodyHandlers.ofString()).body();
  }

  private static HttpRequest.Builder request(RunningParley parley, String path) {
    return HttpRequest.newBuilder(URI.create(parley.url() + path))
        .header("x-api-key", parley.key())
        .header("anthropic-version", "2023-06-01")
        .header("content-type", "application/json");
  }

  private void assertSound() {
    Path data = directory.resolve("data");
    AuditKeys keys = AuditKeys.ofFile(data.resolve("audit-keys"));
    AuditReport report = new AuditReader(data.resolve("audit"), keys, Set.of()).read(entry -> {});
    assertThat(report.problems()).isEmpty();
  }

  private void assertBilledOnce() {
    postWhatWasLeft();
    try (Database database =
        SqliteDatabase.open(directory.resolve("data").resolve("parley.db"), 1)) {
      assertThat(number(database, "count(*)", KEYED)).isEqualTo(KEYS);
      assertThat(number(database, "count(DISTINCT message_id)", KEYED)).isEqualTo(KEYS);
      assertThat(number(database, "count(*)", "service_tier = 'batch'")).isEqualTo(BATCH);
      for (String answer : answers.values()) {
        assertThat(number(database, "count(*)", "message_id = '" + messageId(answer) + "'"))
            .isEqualTo(1);
      }
      for (String id : unkeyed) {
        assertThat(number(database, "count(*)", "message_id = '" + id + "'")).isEqualTo(1);
      }
      long events = query(database, "SELECT sum(output_tokens) FROM usage_events");
      assertThat(sumOfHours(database)).isEqualTo(events).isPositive();
    }
  }

  /** As the command line does it for a server that was killed. */
  private void postWhatWasLeft() {
    try (ShellAdministration shell =
        ShellAdministration.open(directory.resolve("data"), TimeSource.system())) {
      assertThat(shell.usage()).isNotNull();
    }
  }

  private static long number(Database database, String what, String where) {
    return query(
        database,
        "SELECT %s FROM usage_events WHERE outcome = 'answered' AND %s".formatted(what, where));
  }

  private static long sumOfHours(Database database) {
    return query(database, "SELECT sum(output_tokens) FROM usage_rollups WHERE width_ms = 3600000");
  }

  private static long query(Database database, String sql) {
    return database.<Long, RuntimeException>read(
        handle -> handle.createQuery(sql).mapTo(Long.class).one());
  }
}
