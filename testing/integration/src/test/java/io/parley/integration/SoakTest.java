package io.parley.integration;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Many clients for many minutes: {@code ./parley verify --soak [MINUTES]}. Each of them asks,
 * streams, or goes away in the middle of a stream, again and again. Every whole answer must be the
 * one that the same question got when it was alone.
 */
@Tag("soak")
class SoakTest {
  private static final int CLIENTS = 200;
  private static final Duration LENGTH =
      Duration.ofSeconds(
          Math.round(60 * Double.parseDouble(System.getProperty("parley.soak.minutes", "10"))));

  /**
   * What resident memory may still grow to, once the first third of the time has warmed everything
   * up.
   */
  private static final double MOST_GROWTH = 1.3;

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> QUESTIONS =
      List.of(
          "Hello",
          "Who are you?",
          "What is the capital of France?",
          "What is 34 + 25?",
          "How many legs does a spider have?",
          "Explain continuous batching",
          "What is 91 - 47?",
          "Write a poem about the sea.",
          "Spell garden",
          "Who wrote Hamlet?",
          "What is a KV cache?",
          "My name is Ann. What is my name?",
          "What is the chemical symbol of iron?",
          "Good night");

  private final AtomicLong compared = new AtomicLong();
  private final AtomicLong abandoned = new AtomicLong();
  private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
  private final Map<String, String> alone = new ConcurrentHashMap<>();

  @TempDir Path directory;

  @Test
  void everyAnswerIsTheOneItGetsAlone() throws Exception {
    try (RunningParley parley = RunningParley.start(directory);
        HttpClient http = HttpClient.newHttpClient()) {
      List<String> bodies = bodies();
      for (String body : bodies) {
        alone.put(body, text(parley.post(body).body()));
      }
      long end = System.nanoTime() + LENGTH.toNanos();
      List<Thread> clients = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        SplittableRandom random = new SplittableRandom(i);
        clients.add(Thread.startVirtualThread(() -> play(parley, http, bodies, random, end)));
      }
      Thread.sleep(LENGTH.dividedBy(3));
      long early = parley.memoryBytes();
      for (Thread client : clients) {
        client.join();
      }
      RunningParley.await("all blocks free", () -> parley.metric("parley_engine_blocks_used") == 0);
      System.out.printf(
          "%d answers compared, %d streams abandoned, %d MB after a third, %d MB in the end%n",
          compared.get(), abandoned.get(), early >> 20, parley.memoryBytes() >> 20);
      assertThat(wrong).isEmpty();
      assertThat(compared.get()).isGreaterThan(CLIENTS);
      assertThat((double) parley.memoryBytes()).isLessThan(MOST_GROWTH * early);
    }
  }

  private static List<String> bodies() {
    List<String> bodies = new ArrayList<>();
    for (String question : QUESTIONS) {
      for (int maxTokens : new int[] {4, 30, 100}) {
        for (String model : List.of("parley-mini", "parley-base")) {
          bodies.add(
              """
              {"model": "%s", "max_tokens": %d, "temperature": 0, "messages": [
               {"role": "user", "content": "Hi, I am Katrina"},
               {"role": "assistant", "content": "Nice to meet you, Katrina!"},
               {"role": "user", "content": "%s"}]}"""
                  .formatted(model, maxTokens, question));
        }
      }
    }
    return bodies;
  }

  private void play(
      RunningParley parley,
      HttpClient http,
      List<String> bodies,
      SplittableRandom random,
      long end) {
    while (System.nanoTime() < end) {
      String body = bodies.get(random.nextInt(bodies.size()));
      try {
        switch (random.nextInt(6)) {
          case 0 -> abandon(parley, http, body);
          case 1, 2 -> compare(body, text(parley.post(body).body()));
          default -> compare(body, streamed(parley, http, body));
        }
      } catch (IOException | RuntimeException e) {
        wrong.add(body + ": " + e);
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private void compare(String body, String answer) {
    compared.incrementAndGet();
    String expected = alone.get(body);
    if (!answer.equals(expected)) {
      wrong.add("%s: %s instead of %s".formatted(body, answer, expected));
    }
  }

  private static HttpResponse<InputStream> open(RunningParley parley, HttpClient http, String body)
      throws IOException, InterruptedException {
    String streaming = body.replaceFirst("\\{", "{\"stream\": true, ");
    return http.send(parley.message(streaming), BodyHandlers.ofInputStream());
  }

  private void abandon(RunningParley parley, HttpClient http, String body)
      throws IOException, InterruptedException {
    try (InputStream stream = open(parley, http, body).body()) {
      stream.readNBytes(300);
    }
    abandoned.incrementAndGet();
  }

  private static String streamed(RunningParley parley, HttpClient http, String body)
      throws IOException, InterruptedException {
    StringBuilder text = new StringBuilder();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(open(parley, http, body).body(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("data: ")) {
          text.append(JSON.readTree(line.substring(6)).at("/delta/text").asText(""));
        }
      }
    }
    return text.toString();
  }

  private static String text(String response) throws IOException {
    JsonNode message = JSON.readTree(response);
    assertThat(message.at("/type").asText()).as(response).isEqualTo("message");
    return message.at("/content/0/text").asText("");
  }
}
