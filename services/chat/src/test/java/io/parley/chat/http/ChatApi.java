package io.parley.chat.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.parley.chat.http.ChatWorld.Device;
import io.parley.chat.http.ChatWorld.Event;
import io.parley.chat.http.ChatWorld.Events;
import io.parley.chat.http.ChatWorld.Reply;
import io.parley.common.TimeSource;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Chat over HTTP with a model that the test plays, and what is asked of it again and again. */
abstract class ChatApi {
  @TempDir Path directory;
  ChatWorld world;
  Device ada;

  @BeforeEach
  void start() {
    world = new ChatWorld(directory, TimeSource.system());
    ada = world.device("usr_ada");
  }

  @AfterEach
  void stop() {
    world.close();
  }

  Reply answered(
      String conversation, String clientId, long version, String parent, String text, String say) {
    Reply sent = ada.say(conversation, clientId, version, parent, text);
    world.api().take().text(say).endTurn();
    await(conversation, sent);
    return sent;
  }

  /** Until its end is told. */
  void await(String conversation, Reply sent) {
    try (Events events = follow(conversation, sent, "")) {
      assertThat(events.rest().getLast().name()).isEqualTo("message");
    }
  }

  Events follow(String conversation, Reply sent, String lastEventId) {
    return ada.follow(path(conversation, sent.text("/answer/id")) + "/events", lastEventId);
  }

  static String path(String conversation, String message) {
    return "/conversations/" + conversation + "/messages/" + message;
  }

  static Event nextNamed(Events events, String name) {
    Event next = events.next().orElseThrow();
    while (!next.name().equals(name)) {
      next = events.next().orElseThrow();
    }
    return next;
  }

  static List<String> ids(Reply reply) {
    return StreamSupport.stream(reply.json().get("data").spliterator(), false)
        .map((JsonNode each) -> each.get("id").asText())
        .toList();
  }
}
