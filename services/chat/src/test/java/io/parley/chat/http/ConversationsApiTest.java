package io.parley.chat.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.chat.http.ChatWorld.Reply;
import io.parley.testkit.FakeMessagesApi.Playing;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Conversations and their messages over HTTP. */
class ConversationsApiTest extends ChatApi {
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
}
