package io.parley.chat.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.parley.chat.http.ChatWorld.Event;
import io.parley.chat.http.ChatWorld.Events;
import io.parley.chat.http.ChatWorld.Reply;
import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import io.parley.testkit.FakeMessagesApi.Playing;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Answers over HTTP: how they are written, break off, go on and end. */
class AnswersApiTest extends ChatApi {
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  @AfterEach
  void stopThreads() {
    threads.close();
  }

  @Test
  void anAnswerIsStreamedAndStored() {
    String conversation = ada.conversation();
    Reply sent = ada.say(conversation, "c1", 1, "", "Hello?");
    assertThat(sent.status()).isEqualTo(201);
    assertThat(sent.text("/answer/status")).isEqualTo("streaming");
    assertThat(sent.text("/conversation/version")).isEqualTo("2");
    assertThat(sent.text("/conversation/answering_id")).isEqualTo(sent.text("/answer/id"));
    Playing playing = world.api().take();
    assertThat(playing.body()).contains("Hello?", "\"model\":\"fake\"");
    try (Events events = follow(conversation, sent, "")) {
      playing.text("Good ").text("morning");
      playing.endTurn();
      List<Event> all = events.rest();
      assertThat(ChatWorld.text(all)).isEqualTo("Good morning");
      Event last = all.getLast();
      assertThat(last.name()).isEqualTo("message");
      assertThat(last.id()).isEqualTo(sent.text("/answer/id") + ":12");
      assertThat(last.data().at("/status").asText()).isEqualTo("complete");
      assertThat(last.data().at("/usage/output_tokens").asInt()).isEqualTo(2);
    }
    Reply stored = ada.get("/conversations/" + conversation + "/messages");
    assertThat(stored.json().at("/data")).hasSize(2);
    assertThat(stored.text("/data/0/content/0/text")).isEqualTo("Hello?");
    assertThat(stored.text("/data/1/content/0/text")).isEqualTo("Good morning");
    Reply now = ada.get("/conversations/" + conversation);
    assertThat(now.json().get("answering_id").isNull()).isTrue();
    assertThat(now.text("/usage/output_tokens")).isEqualTo("2");
    assertThat(now.text("/version")).isEqualTo("2");
  }

  @Test
  void aStreamIsContinuedExactlyWhereItBroke() {
    String conversation = ada.conversation();
    Reply sent = ada.say(conversation, "c1", 1, "", "Hello?");
    Playing playing = world.api().take();
    Event first;
    try (Events events = follow(conversation, sent, "")) {
      playing.text("one ");
      first = events.next().orElseThrow();
    }
    playing.text("two ").text("three");
    try (Events events = follow(conversation, sent, first.id())) {
      playing.endTurn();
      assertThat(ChatWorld.text(List.of(first)) + ChatWorld.text(events.rest()))
          .isEqualTo("one two three");
    }
    try (Events events = follow(conversation, sent, sent.text("/answer/id") + ":5")) {
      assertThat(ChatWorld.text(events.rest())).isEqualTo("wo three");
    }
    try (Events events = follow(conversation, sent, sent.text("/answer/id") + ":99")) {
      assertThat(events.rest()).extracting(Event::name).containsExactly("gap");
    }
  }

  @Test
  void aStoppedAnswerKeepsItsTextAndGoesOn() {
    String conversation = ada.conversation();
    Reply sent = ada.say(conversation, "c1", 1, "", "Count");
    world.api().take().text("one ").text("two ");
    String answer = path(conversation, sent.text("/answer/id"));
    assertThat(ada.post(answer + "/stop", Map.of()).status()).isEqualTo(202);
    await(conversation, sent);
    Reply stopped = ada.get(answer);
    assertThat(stopped.text("/status")).isEqualTo("stopped");
    assertThat(stopped.text("/content/0/text")).isEqualTo("one two ");
    Reply further = ada.post(answer + "/continue", Map.of("client_id", "c2", "version", 2));
    assertThat(further.text("/answer/id")).isEqualTo(sent.text("/answer/id"));
    Playing playing = world.api().take();
    assertThat(playing.body()).contains("{\"role\":\"assistant\",\"content\":\"one two\"}");
    try (Events events = ada.follow(answer + "/events", "")) {
      playing.text(" three");
      playing.endTurn();
      assertThat(ChatWorld.text(events.rest())).isEqualTo("one two three");
    }
    assertThat(ada.get(answer).text("/usage/output_tokens")).isEqualTo("3");
    assertThat(ada.get("/conversations/" + conversation).text("/usage/output_tokens"))
        .isEqualTo("3");
  }

  @Test
  void afterTheDeathOfTheServerTheTextSoFarIsKept() {
    String conversation = ada.conversation();
    Reply sent = ada.say(conversation, "c1", 1, "", "Count");
    Event seen;
    try (Events events = follow(conversation, sent, "")) {
      world.api().take().text("one ").text("two ");
      seen = events.next().orElseThrow();
    }
    world.killAndStart();
    Reply messages = ada.get("/conversations/" + conversation + "/messages");
    assertThat(messages.text("/data/0/content/0/text")).isEqualTo("Count");
    assertThat(messages.text("/data/1/status")).isEqualTo("partial");
    assertThat(messages.text("/data/1/content/0/text")).isEqualTo("one two ");
    try (Events events = follow(conversation, sent, seen.id())) {
      List<Event> rest = events.rest();
      assertThat(ChatWorld.text(List.of(seen)) + ChatWorld.text(rest)).isEqualTo("one two ");
      assertThat(rest.getLast().data().at("/status").asText()).isEqualTo("partial");
    }
    Reply further =
        ada.post(
            path(conversation, sent.text("/answer/id")) + "/continue",
            Map.of("client_id", "c2", "version", 2));
    assertThat(further.status()).isEqualTo(201);
    world.api().take().text(" three").endTurn();
    await(conversation, further);
    assertThat(ada.get(path(conversation, sent.text("/answer/id"))).text("/content/0/text"))
        .isEqualTo("one two three");
  }

  @Test
  void whatDiedWithTheServerCountsAsWhatItTook() {
    String conversation = ada.conversation();
    Reply sent = ada.say(conversation, "c1", 1, "", "Count");
    world.api().take().text("one ").text("two ");
    world.killAndStart();
    assertThat(usage(conversation, sent)).containsExactly(10, 2, 10, 2);
    world.killAndStart();
    assertThat(usage(conversation, sent)).containsExactly(10, 2, 10, 2);
    ada.post(
        path(conversation, sent.text("/answer/id")) + "/continue",
        Map.of("client_id", "c2", "version", 2));
    world.api().take().text(" three");
    world.killAndStart();
    assertThat(usage(conversation, sent)).containsExactly(20, 3, 20, 3);
    Reply further =
        ada.post(
            path(conversation, sent.text("/answer/id")) + "/continue",
            Map.of("client_id", "c3", "version", 3));
    world.api().take().text(" four").endTurn();
    await(conversation, further);
    assertThat(usage(conversation, sent)).containsExactly(30, 4, 30, 4);
  }

  /** Tokens of the answer, then those of the conversation. */
  private List<Integer> usage(String conversation, Reply sent) {
    JsonNode answer = ada.get(path(conversation, sent.text("/answer/id"))).json().get("usage");
    JsonNode all = ada.get("/conversations/" + conversation).json().get("usage");
    return List.of(
        answer.get("input_tokens").asInt(),
        answer.get("output_tokens").asInt(),
        all.get("input_tokens").asInt(),
        all.get("output_tokens").asInt());
  }

  /** As clients do by themselves: by a client id that is made of the message's. */
  @Test
  void ofManyDevicesThatContinueAtTheSameTimeOneDoes() {
    for (int round = 0; round < 10; round++) {
      String conversation = ada.conversation();
      Reply sent = ada.say(conversation, "c1", 1, "", "Count");
      world.api().take().text("one");
      world.killAndStart();
      String id = sent.text("/answer/id");
      Map<String, Object> again = Map.of("client_id", "continue-" + id, "version", 2);
      List<CompletableFuture<Reply>> devices =
          Stream.generate(() -> world.device("usr_ada"))
              .limit(6)
              .map(
                  device ->
                      CompletableFuture.supplyAsync(
                          () -> device.post(path(conversation, id) + "/continue", again), threads))
              .toList();
      List<Reply> replies = devices.stream().map(CompletableFuture::join).toList();
      assertThat(replies)
          .extracting(Reply::status)
          .containsExactlyInAnyOrder(201, 200, 200, 200, 200, 200);
      assertThat(replies).allMatch(reply -> reply.text("/answer/id").equals(id));
      Playing playing = world.api().take();
      assertThat(world.api().waiting()).isZero();
      playing.text(" two");
      assertThat(ada.post(path(conversation, id) + "/stop", Map.of()).status()).isEqualTo(202);
      await(conversation, sent);
      assertThat(playing.isEnded()).isTrue();
      assertThat(ada.get(path(conversation, id)).text("/content/0/text")).isEqualTo("one two");
      Reply late = ada.post(path(conversation, id) + "/continue", again);
      assertThat(late.status()).isEqualTo(200);
      assertThat(late.text("/answer/status")).isEqualTo("stopped");
      assertThat(world.api().waiting()).isZero();
    }
  }

  /** The branch is read until there is more than enough, and that is in the middle of a round. */
  @Test
  void ofALongConversationTheModelIsAskedFromAMessageOfTheUserOn() throws Exception {
    String conversation = ada.conversation();
    String parent = "";
    String words = "word ".repeat(8_000);
    for (int round = 1; round <= 3; round++) {
      Reply sent = answered(conversation, "c" + round, round, parent, "Go on", words);
      parent = sent.text("/answer/id");
    }
    ada.say(conversation, "last", 4, parent, "And now?");
    JsonNode asked = ChatWorld.JSON.readTree(world.api().take().body()).get("messages");
    assertThat(asked.get(0).get("role").asText()).isEqualTo("user");
    assertThat(asked.get(asked.size() - 1).toString()).contains("And now?");
    assertThat(asked.size()).isLessThan(7);
  }

  @Test
  void aFailureIsKeptWithTheMessage() {
    String conversation = ada.conversation();
    world.api().refuse(new ParleyException(ErrorCode.BILLING, "no money"));
    Reply sent = ada.say(conversation, "c1", 1, "", "Hello?");
    await(conversation, sent);
    Reply failed = ada.get(path(conversation, sent.text("/answer/id")));
    assertThat(failed.text("/status")).isEqualTo("failed");
    assertThat(failed.text("/error/type")).isEqualTo("billing_error");
  }

  @Test
  void anAnswerForWhichThereIsNoRoomWaits() {
    String conversation = ada.conversation();
    world.api().refuse(ParleyException.overloaded("busy", 20));
    Reply sent = ada.say(conversation, "c1", 1, "", "Hello?");
    assertThat(ada.get(path(conversation, sent.text("/answer/id"))).text("/status"))
        .isEqualTo("streaming");
    world.api().refuse(null);
    world.api().take().text("Yes").endTurn();
    await(conversation, sent);
    assertThat(ada.get(path(conversation, sent.text("/answer/id"))).text("/status"))
        .isEqualTo("complete");
  }

  @Test
  void anAnswerDoesNotWaitForLong() {
    String conversation = ada.conversation();
    world.api().refuse(ParleyException.overloaded("busy", 31_000));
    Reply sent = ada.say(conversation, "c1", 1, "", "Hello?");
    await(conversation, sent);
    Reply failed = ada.get(path(conversation, sent.text("/answer/id")));
    assertThat(failed.text("/status")).isEqualTo("failed");
    assertThat(failed.text("/error/type")).isEqualTo("overloaded_error");
  }

  @Test
  void anAnswerThatWaitsCanBeStopped() {
    String conversation = ada.conversation();
    world.api().refuse(ParleyException.overloaded("busy", 20));
    Reply sent = ada.say(conversation, "c1", 1, "", "Hello?");
    assertThat(ada.post(path(conversation, sent.text("/answer/id")) + "/stop", Map.of()).status())
        .isEqualTo(202);
    await(conversation, sent);
    assertThat(ada.get(path(conversation, sent.text("/answer/id"))).text("/status"))
        .isEqualTo("stopped");
  }
}
