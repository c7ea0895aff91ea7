package io.parley.chat.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Search over HTTP, from the events of chat to the index and back. */
class SearchApiTest {
  @TempDir Path directory;
  private ArchiveWorld world;

  @BeforeEach
  void start() {
    world = new ArchiveWorld(directory);
  }

  @AfterEach
  void stop() {
    world.close();
  }

  @Test
  void findsWhatWasSaidAndAnsweredAndTitled() {
    TestChat.Browser ada = world.signUp("ada@example.com");
    String conversation = world.converse(ada, "an unmistakable question");
    ArchiveWorld.eventually(() -> ArchiveWorld.hits(ada, ArchiveWorld.WORD).size() == 2);
    JsonNode hit = ArchiveWorld.hits(ada, ArchiveWorld.WORD + "&role=user").getFirst();
    assertThat(hit.at("/conversation_id").textValue()).isEqualTo(conversation);
    assertThat(hit.at("/role").textValue()).isEqualTo("user");
    assertThat(hit.at("/snippet/1")).hasToString("{\"text\":\"unmistakable\",\"hit\":true}");
    assertThat(ArchiveWorld.hits(ada, ArchiveWorld.WORD + "&model=fake")).hasSize(1);
    assertThat(ArchiveWorld.hits(ada, ArchiveWorld.WORD + "&to=2025-12-31")).isEmpty();
    assertThat(ArchiveWorld.hits(ada, ArchiveWorld.WORD + "&from=2026-01-01&to=2026-01-01"))
        .hasSize(2);
    ArchiveWorld.eventually(() -> ArchiveWorld.titles(ada, "small+talk").size() == 1);
    assertThat(ArchiveWorld.titles(ada, "small+talk").getFirst().at("/title").textValue())
        .isEqualTo("Small talk");
  }

  @Test
  void findsNothingOfOthersAndNothingThatWasRefused() {
    TestChat.Browser ada = world.signUp("ada@example.com");
    TestChat.Browser bob = world.signUp("bob@example.com");
    world.converse(ada, "an unmistakable question");
    world.converse(bob, "a terrible unmistakable question");
    world.converse(bob, "afterwards");
    ArchiveWorld.eventually(
        () ->
            ArchiveWorld.hits(bob, "afterwards").size() == 2
                && ArchiveWorld.hits(ada, ArchiveWorld.WORD).size() == 2);
    ArchiveWorld.eventually(() -> ArchiveWorld.hits(bob, ArchiveWorld.WORD).isEmpty());
  }

  @Test
  void aDeletedConversationIsNotFound() {
    TestChat.Browser ada = world.signUp("ada@example.com");
    String conversation = world.converse(ada, "an unmistakable question");
    ArchiveWorld.eventually(() -> ArchiveWorld.hits(ada, ArchiveWorld.WORD).size() == 2);
    long version = ArchiveWorld.version(ada, conversation);
    assertThat(
            ada.send("DELETE", "/conversations/" + conversation + "?version=" + version, "")
                .status())
        .isEqualTo(204);
    ArchiveWorld.eventually(() -> ArchiveWorld.hits(ada, ArchiveWorld.WORD).isEmpty());
  }

  @Test
  void namesWhatIsWrongWithASearch() {
    TestChat.Browser ada = world.signUp("ada@example.com");
    assertThat(ada.get("/search").error()).startsWith("invalid_request_error q: ");
    assertThat(ada.get("/search?q=a&from=yesterday").error()).contains("from: ");
    assertThat(ada.get("/search?q=a&role=robot").error()).contains("role: ");
    assertThat(ada.get("/search?q=a&limit=1000").error()).contains("limit: ");
    assertThat(world.server().browser().get("/search?q=a").status()).isEqualTo(401);
  }
}
