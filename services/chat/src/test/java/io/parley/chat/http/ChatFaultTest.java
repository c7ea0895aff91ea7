package io.parley.chat.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.parley.chat.http.ChatWorld.Device;
import io.parley.chat.http.ChatWorld.Event;
import io.parley.chat.http.ChatWorld.Events;
import io.parley.chat.http.ChatWorld.Reply;
import io.parley.common.TimeSource;
import io.parley.testkit.FakeMessagesApi.Playing;
import io.parley.testkit.Faults;
import io.parley.testkit.FaultyEventLog;
import io.parley.testkit.FaultyMessageStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two devices in one conversation, while whatever can go wrong does: connections break, sends come
 * twice, stores write twice or time out, the server dies in mid-answer. In the end every message is
 * there once, in its place, with every token that was generated, and every viewer has seen the
 * same.
 */
class ChatFaultTest {
  private static final double FAULTY = 0.1;
  private static final int PROMPT_TOKENS = 10; // of every prompt, says the model that a test plays

  @TempDir Path directory;

  @Test
  void nothingIsLostDoubledOrReordered() {
    run(20261122, 25);
  }

  @Tag("soak")
  @Test
  void nothingIsLostDoubledOrReorderedInALongRun() {
    run(Long.getLong("parley.seed", 1), Integer.getInteger("parley.chat.steps", 5_000));
  }

  private void run(long seed, int steps) {
    Random random = new Random(seed);
    Faults faults = new Faults(new Random(seed + 1), FAULTY);
    try (ChatWorld world =
        new ChatWorld(
            directory,
            TimeSource.system(),
            store -> new FaultyMessageStore(store, faults),
            log -> new FaultyEventLog(log, faults))) {
      Run run = new Run(world, random);
      for (int step = 0; step < steps; step++) {
        run.step(step);
      }
      run.check();
    }
  }

  /** One run, and what must be there by now. */
  private static final class Run {
    private final ChatWorld world;
    private final Random random;
    private final List<Device> devices;
    private final String conversation;
    private final Map<String, String> expected = new LinkedHashMap<>(); // id to text, in order
    private long version = 1;
    private String tip = "";
    private long tokens;
    private long prompts;
    private int requests;

    Run(ChatWorld world, Random random) {
      this.world = world;
      this.random = random;
      this.devices = List.of(world.device("usr_ada"), world.device("usr_ada"));
      this.conversation = devices.getFirst().conversation();
    }

    private Device device() {
      return devices.get(random.nextInt(devices.size()));
    }

    private String path(String message) {
      return "/conversations/" + conversation + "/messages/" + message;
    }

    void step(int number) {
      String question = "question " + number;
      Reply sent = send("c" + requests++, question);
      String answer = sent.text("/answer/id");
      expected.put(sent.text("/message/id"), question);
      version++;
      tip = answer;
      expected.put(answer, generate(answer, ""));
    }

    /** Maybe twice, maybe from both devices at the same time; always with one outcome. */
    private Reply send(String clientId, String text) {
      Device one = device();
      if (random.nextInt(3) > 0) {
        return one.say(conversation, clientId, version, tip, text);
      }
      Device other = device();
      CompletableFuture<Reply> first =
          CompletableFuture.supplyAsync(() -> one.say(conversation, clientId, version, tip, text));
      Reply second = other.say(conversation, clientId, version, tip, text);
      assertThat(List.of(first.join().status(), second.status()))
          .containsExactlyInAnyOrder(200, 201);
      assertThat(first.join().text("/answer/id")).isEqualTo(second.text("/answer/id"));
      assertThat(first.join().text("/message/id")).isEqualTo(second.text("/message/id"));
      return second;
    }

    /** Writes an answer to its end, whatever happens on the way; what it must be. */
    private String generate(String answer, String before) {
      Playing playing = world.api().take();
      prompts++;
      StringBuilder text = new StringBuilder(before);
      Viewer viewer = new Viewer(answer);
      int words = random.nextInt(12);
      for (int i = 0; i < words; i++) {
        String word = (text.isEmpty() ? "" : " ") + "w" + random.nextInt(1_000);
        playing.text(word);
        text.append(word);
        if (random.nextInt(3) == 0) {
          viewer.readUpTo(text.length());
        }
        if (random.nextInt(5) == 0) {
          viewer.disconnect();
        }
        if (random.nextInt(25) == 0) {
          tokens += i + 1;
          return dieAndGoOn(answer, text.toString(), viewer);
        }
      }
      tokens += words;
      if (random.nextInt(6) == 0) {
        device().post(path(answer) + "/stop", Map.of());
      } else {
        playing.endTurn();
      }
      viewer.readToTheEnd(text.toString());
      return text.toString();
    }

    /** What was generated before is there, and counts as what it took. */
    private String dieAndGoOn(String answer, String text, Viewer viewer) {
      world.killAndStart();
      Reply partial = device().get(path(answer));
      assertThat(partial.text("/status")).isEqualTo("partial");
      assertThat(partial.text("/content/0/text")).isEqualTo(text);
      viewer.readToTheEnd(text);
      Reply further =
          device()
              .post(
                  path(answer) + "/continue",
                  Map.of("client_id", "c" + requests++, "version", version));
      assertThat(further.status()).as(further.json().toString()).isEqualTo(201);
      version++;
      return generate(answer, text);
    }

    void check() {
      world.chat().upkeep();
      List<String> ids = new ArrayList<>();
      List<String> texts = new ArrayList<>();
      long sum = 0;
      long promptSum = 0;
      String before = "";
      boolean more = true;
      while (more) {
        String place = before.isEmpty() ? "" : "&before=" + before;
        Reply page = device().get("/conversations/" + conversation + "/messages?limit=50" + place);
        List<String> pageIds = new ArrayList<>();
        List<String> pageTexts = new ArrayList<>();
        for (JsonNode message : page.json().get("data")) {
          pageIds.add(message.get("id").asText());
          pageTexts.add(message.at("/content/0/text").asText());
          sum += message.at("/usage/output_tokens").asLong();
          promptSum += message.at("/usage/input_tokens").asLong();
        }
        ids.addAll(0, pageIds);
        texts.addAll(0, pageTexts);
        more = page.json().get("has_more").asBoolean();
        before = pageIds.isEmpty() ? before : pageIds.getFirst();
      }
      assertThat(ids).containsExactlyElementsOf(expected.keySet());
      assertThat(texts).containsExactlyElementsOf(expected.values());
      Reply now = device().get("/conversations/" + conversation);
      assertThat(now.json().at("/usage/output_tokens").asLong()).isEqualTo(sum).isEqualTo(tokens);
      assertThat(now.json().at("/usage/input_tokens").asLong())
          .isEqualTo(promptSum)
          .isEqualTo(prompts * PROMPT_TOKENS);
      assertThat(now.json().at("/version").asLong()).isEqualTo(version);
      assertThat(now.json().get("answering_id").isNull()).isTrue();
    }

    /** Follows an answer over however many connections; has what a page would show. */
    private final class Viewer {
      private final String answer;
      private final StringBuilder seen = new StringBuilder();
      private final List<String> trace = new ArrayList<>(); // for whoever has to find a fault
      private String lastId = "";
      private @Nullable Events open;

      Viewer(String answer) {
        this.answer = answer;
      }

      void disconnect() {
        Events events = open;
        if (events != null) {
          events.close();
          open = null;
        }
      }

      private Event next() {
        Event event = received();
        lastId = event.id().isEmpty() ? lastId : event.id();
        trace.add(event.name() + " " + event.id() + " " + event.data().path("text"));
        if (event.name().equals("delta")) {
          seen.append(event.data().get("text").textValue());
          assertThat(event.id()).as("%s", trace).isEqualTo(answer + ":" + seen.length());
        }
        return event;
      }

      /** The next event, over a new connection if the old one broke. */
      private Event received() {
        while (true) {
          Events events = open == null ? follow() : open;
          Optional<Event> event = events.next();
          if (event.isPresent()) {
            return event.get();
          }
          disconnect();
        }
      }

      private Events follow() {
        trace.add("follow from " + lastId);
        Events events = device().follow(path(answer) + "/events", lastId);
        open = events;
        return events;
      }

      void readUpTo(int length) {
        while (seen.length() < length) {
          assertThat(next().name()).isEqualTo("delta");
        }
      }

      void readToTheEnd(String text) {
        Event event = next();
        while (event.name().equals("delta")) {
          event = next();
        }
        assertThat(event.name()).isEqualTo("message");
        assertThat(seen.toString()).isEqualTo(text);
        assertThat(event.data().at("/content/0/text").asText()).isEqualTo(text);
        disconnect();
      }
    }
  }
}
