package io.parley.chat.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.chat.http.ChatWorld.Device;
import io.parley.chat.http.ChatWorld.Event;
import io.parley.chat.http.ChatWorld.Events;
import io.parley.chat.http.ChatWorld.Reply;
import org.junit.jupiter.api.Test;

/** What all devices of a user hear, and when a stream is over. */
class UserEventsApiTest extends ChatApi {
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
}
