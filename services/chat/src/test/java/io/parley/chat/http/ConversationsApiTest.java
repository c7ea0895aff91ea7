package io.parley.chat.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.parley.chat.http.ChatWorld.Device;
import io.parley.chat.http.ChatWorld.Event;
import io.parley.chat.http.ChatWorld.Events;
import io.parley.chat.http.ChatWorld.Reply;
import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import io.parley.common.TimeSource;
import io.parley.testkit.FakeMessagesApi.Playing;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Conversations, messages and streams over HTTP, with a model that the test plays. */
class ConversationsApiTest {
  @TempDir Path directory;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private ChatWorld world;
  private Device ada;

  @BeforeEach
  void start() {
    world = new ChatWorld(directory, TimeSource.system());
    ada = world.device("usr_ada");
  }

  @AfterEach
  void stop() {
    threads.close();
    world.close();
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
  void aRepeatedSendGetsTheSameAnswer() {
    String conversation = ada.conversation();
    Reply sent = ada.say(conversation, "c1", 1, "", "Hello?");
    Reply again = ada.say(conversation, "c1", 1, "", "Hello?");
    assertThat(again.status()).isEqualTo(200);
    assertThat(again.text("/answer/id")).isEqualTo(sent.text("/answer/id"));
    assertThat(again.text("/message/id")).isEqualTo(sent.text("/message/id"));
    world.api().take().text("Yes").endTurn();
    assertThat(world.api().waiting()).isZero();
    assertThat(ada.say(conversation, "c1", 1, "", "Other").error())
        .isEqualTo("409 conflict_error client_id: was used for something else; choose another");
    await(conversation, sent);
    assertThat(ada.say(conversation, "c1", 1, "", "Hello?").text("/answer/status"))
        .isEqualTo("complete");
  }

  @Test
  void aWriteOnAnOldVersionGetsTheCurrentOne() {
    String conversation = ada.conversation();
    ada.say(conversation, "c1", 1, "", "Hello?");
    Reply stale = ada.say(conversation, "c2", 1, "", "Me too");
    assertThat(stale.status()).isEqualTo(409);
    assertThat(stale.text("/error/type")).isEqualTo("conflict_error");
    assertThat(stale.text("/current/version")).isEqualTo("2");
    Reply renamed =
        ada.send("PATCH", "/conversations/" + conversation, "{\"version\":1,\"title\":\"A\"}");
    assertThat(renamed.status()).isEqualTo(409);
  }

  @Test
  void whatIsRefusedIsNamed() {
    String conversation = ada.conversation();
    Reply sent = ada.say(conversation, "c1", 1, "", "Hello?");
    String answer = sent.text("/answer/id");
    assertThat(ada.say(conversation, "c2", 2, answer, "And?").error())
        .startsWith("409 conflict_error parent_id: is still being written");
    assertThat(ada.say(conversation, "c2", 2, sent.text("/message/id"), "And?").error())
        .startsWith("400 invalid_request_error parent_id: must be an answer");
    assertThat(ada.say(conversation, "c 2", 2, "", "And?").error()).contains("client_id");
    assertThat(ada.say(conversation, "c2", 2, "", " ").error()).contains("content");
    assertThat(ada.say(conversation, "c2", 2, "cmsg_nothing", "And?").status()).isEqualTo(404);
    assertThat(world.device("usr_eve").get("/conversations/" + conversation).status())
        .isEqualTo(404);
    assertThat(world.device("usr_eve").get("/conversations/" + conversation + "/messages").status())
        .isEqualTo(404);
    Map<String, Object> picture =
        Map.of(
            "client_id",
            "c3",
            "version",
            2,
            "content",
            List.of(Map.of("type", "image", "image_id", "img_1")));
    assertThat(ada.post("/conversations/" + conversation + "/messages", picture).error())
        .isEqualTo("400 invalid_request_error content: the model fake does not see images");
  }

  @Test
  void aConversationsSystemPromptAndModelAreTheOnesAskedWith() {
    String conversation =
        ada.post("/conversations", Map.of("system", "Speak like a pirate", "model", "fake"))
            .text("/id");
    ada.say(conversation, "c1", 1, "", "Hello?");
    assertThat(world.api().take().body())
        .contains("\"system\":\"Speak like a pirate\"", "\"model\":\"fake\"");
    assertThat(ada.post("/conversations", Map.of("model", "none")).status()).isEqualTo(404);
  }

  @Test
  void editingAndRegeneratingMakeBranches() {
    String conversation = ada.conversation();
    Reply first = answered(conversation, "c1", 1, "", "A?", "a");
    Reply edited = answered(conversation, "c2", 2, "", "B?", "b");
    Reply again =
        ada.post(
            path(conversation, edited.text("/answer/id")) + "/regenerate",
            Map.of("client_id", "c3", "version", 3));
    assertThat(again.status()).isEqualTo(201);
    Playing playing = world.api().take();
    assertThat(playing.body()).contains("B?").doesNotContain("A?");
    playing.text("bb").endTurn();
    await(conversation, again);
    Reply further = ada.say(conversation, "c4", 4, again.text("/answer/id"), "C?");
    assertThat(world.api().take().body()).contains("B?", "bb", "C?").doesNotContain("A?");
    assertThat(further.text("/conversation/head_id")).isEqualTo(further.text("/answer/id"));
    assertThat(again.text("/answer/parent_id")).isEqualTo(edited.text("/message/id"));
    assertThat(first.text("/message/parent_id")).isEqualTo("null");
    Reply all = ada.get("/conversations/" + conversation + "/messages");
    assertThat(ids(all)).isSorted().hasSize(7);
    assertThat(all.text("/data/6/status")).isEqualTo("streaming");
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

  @Test
  void pagesGoBothWays() {
    String conversation = ada.conversation();
    world.api().script(playing -> playing.text("answer").endTurn());
    String parent = "";
    for (int i = 0; i < 20; i++) {
      Reply sent = ada.say(conversation, "c" + i, i + 1, parent, "question " + i);
      await(conversation, sent);
      parent = sent.text("/answer/id");
    }
    String messages = "/conversations/" + conversation + "/messages";
    Reply all = ada.get(messages + "?limit=200");
    List<String> ids = ids(all);
    assertThat(ids).hasSize(40).isSorted();
    Reply last = ada.get(messages + "?limit=7");
    assertThat(ids(last)).isEqualTo(ids.subList(33, 40));
    assertThat(last.text("/has_more")).isEqualTo("true");
    Reply before = ada.get(messages + "?limit=7&before=" + ids.get(33));
    assertThat(ids(before)).isEqualTo(ids.subList(26, 33));
    Reply after = ada.get(messages + "?limit=7&after=" + ids.get(30));
    assertThat(ids(after)).isEqualTo(ids.subList(31, 38));
    assertThat(ids(ada.get(messages + "?after=" + ids.get(39)))).isEmpty();
  }

  @Test
  void devicesLearnOfEachOther() {
    Device phone = world.device("usr_ada");
    try (Events events = phone.follow("/events", "")) {
      Event ready = events.next().orElseThrow();
      assertThat(ready.name()).isEqualTo("ready");
      String conversation = ada.conversation();
      Event created = events.next().orElseThrow();
      assertThat(created.name()).isEqualTo("conversation");
      assertThat(created.data().get("id").asText()).isEqualTo(conversation);
      Reply sent = ada.say(conversation, "c1", 1, "", "Hello?");
      Event question = nextNamed(events, "message");
      assertThat(question.data().at("/message/id").asText()).isEqualTo(sent.text("/message/id"));
      world.device("usr_eve").conversation();
      ada.send("DELETE", "/conversations/" + conversation + "?version=2", "");
      Event deleted = nextNamed(events, "deleted");
      assertThat(deleted.data().get("conversation_id").asText()).isEqualTo(conversation);
      try (Events resumed = phone.follow("/events", ready.id())) {
        assertThat(nextNamed(resumed, "deleted").id()).isEqualTo(deleted.id());
      }
    }
  }

  @Test
  void aStreamThatItsReaderLeavesIsOver() throws Exception {
    String conversation = ada.conversation();
    Reply sent = ada.say(conversation, "c1", 1, "", "Hello?");
    world.api().take().text("one");
    try (Events answer = follow(conversation, sent, "");
        Events events = ada.follow("/events", "")) {
      assertThat(answer.next()).isPresent();
      assertThat(events.next()).isPresent();
    }
    world.awaitNothingOpen();
  }

  @Test
  void aDrainedServerEndsEndlessStreams() {
    try (Events events = ada.follow("/events", "")) {
      assertThat(events.next()).isPresent();
      world.drain();
      assertThat(events.next()).isEmpty();
    }
    assertThat(ada.get("/events").status()).isEqualTo(529);
  }

  @Test
  void conversationsAreListedByLastActivity() {
    String a = ada.conversation();
    String b = ada.conversation();
    world.api().script(playing -> playing.text("answer").endTurn());
    await(a, ada.say(a, "c1", 1, "", "Hello?"));
    assertThat(ids(ada.get("/conversations"))).containsExactly(a, b);
    Reply first = ada.get("/conversations?limit=1");
    assertThat(ids(first)).containsExactly(a);
    assertThat(ids(ada.get("/conversations?limit=1&cursor=" + first.text("/next"))))
        .containsExactly(b);
    Reply patched = ada.send("PATCH", "/conversations/" + b, "{\"version\":1,\"archived\":true}");
    assertThat(patched.text("/version")).isEqualTo("2");
    assertThat(ids(ada.get("/conversations"))).containsExactly(a);
    assertThat(ids(ada.get("/conversations?archived=true"))).containsExactly(b);
    Reply same = ada.post("/conversations", Map.of("id", a));
    assertThat(same.status()).isEqualTo(200);
    assertThat(world.device("usr_eve").post("/conversations", Map.of("id", a)).status())
        .isEqualTo(409);
  }

  @Test
  void theModelGivesATitleButNeverOverTheUsers() {
    world.api().script(playing -> playing.text("Paris is the capital").endTurn());
    world.api().background(playing -> playing.text("\"Capital of France\"").endTurn());
    String a = ada.conversation();
    await(a, ada.say(a, "c1", 1, "", "What is the capital of France?"));
    assertThat(titled(a).text("/title")).isEqualTo("Capital of France");
    assertThat(titled(a).text("/title_by")).isEqualTo("model");
    String b = ada.conversation();
    ada.send("PATCH", "/conversations/" + b, "{\"version\":1,\"title\":\"Mine\"}");
    await(b, ada.say(b, "c1", 2, "", "What is the capital of France?"));
    assertThat(titled(b).text("/title")).isEqualTo("Mine");
  }

  private Reply titled(String conversation) {
    Reply now = ada.get("/conversations/" + conversation);
    for (int i = 0; i < 1_000 && now.json().get("title").isNull(); i++) {
      now = ada.get("/conversations/" + conversation);
    }
    return now;
  }

  private Reply answered(
      String conversation, String clientId, long version, String parent, String text, String say) {
    Reply sent = ada.say(conversation, clientId, version, parent, text);
    world.api().take().text(say).endTurn();
    await(conversation, sent);
    return sent;
  }

  /** Until its end is told. */
  private void await(String conversation, Reply sent) {
    try (Events events = follow(conversation, sent, "")) {
      assertThat(events.rest().getLast().name()).isEqualTo("message");
    }
  }

  private Events follow(String conversation, Reply sent, String lastEventId) {
    return ada.follow(path(conversation, sent.text("/answer/id")) + "/events", lastEventId);
  }

  private static String path(String conversation, String message) {
    return "/conversations/" + conversation + "/messages/" + message;
  }

  private static Event nextNamed(Events events, String name) {
    Event next = events.next().orElseThrow();
    while (!next.name().equals(name)) {
      next = events.next().orElseThrow();
    }
    return next;
  }

  private static List<String> ids(Reply reply) {
    return StreamSupport.stream(reply.json().get("data").spliterator(), false)
        .map((JsonNode each) -> each.get("id").asText())
        .toList();
  }
}
