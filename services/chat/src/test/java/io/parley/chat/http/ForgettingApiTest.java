package io.parley.chat.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is kept, how, and for how long: retention, encryption, erasure, quotas. */
class ForgettingApiTest {
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
  void forgetsWhatNobodyTouchedForDaysUnlessItIsFlagged() {
    TestChat.Browser ada = world.signUp("ada@example.com");
    String old = world.converse(ada, "old");
    String flagged = world.converse(ada, "flagged");
    ada.send(
        "PATCH",
        "/conversations/" + flagged,
        "{\"version\":%d,\"flagged\":true}".formatted(ArchiveWorld.version(ada, flagged)));
    world.time().advance(Duration.ofDays(29));
    assertThat(ada.get("/me").status()).isEqualTo(401);
    world.archive().upkeep();
    TestChat.Browser again = world.login("ada@example.com");
    assertThat(again.get("/conversations/" + old).status()).isEqualTo(200);
    String fresh = world.converse(again, "fresh");
    world.time().advance(Duration.ofDays(2));
    world.archive().upkeep();
    assertThat(again.get("/conversations/" + old).status()).isEqualTo(404);
    assertThat(again.get("/conversations/" + flagged).status()).isEqualTo(200);
    assertThat(again.get("/conversations/" + fresh).status()).isEqualTo(200);
  }

  @Test
  void whatIsStoredIsSealed() throws IOException {
    TestChat.Browser ada = world.signUp("ada@example.com");
    String conversation = world.converse(ada, "an unmistakable question");
    TestChat.Answer renamed =
        ada.send(
            "PATCH",
            "/conversations/" + conversation,
            "{\"version\":%d,\"title\":\"unmistakable title\",\"system\":\"unmistakable prompt\"}"
                .formatted(ArchiveWorld.version(ada, conversation)));
    assertThat(renamed.json().at("/title").textValue()).isEqualTo("unmistakable title");
    assertThat(renamed.json().at("/system").textValue()).isEqualTo("unmistakable prompt");
    ArchiveWorld.eventually(
        () ->
            ArchiveWorld.hits(ada, ArchiveWorld.WORD).size() == 2
                && ArchiveWorld.titles(ada, ArchiveWorld.WORD).size() == 1);
    assertThat(world.filesWith(ArchiveWorld.WORD)).isEmpty();
  }

  @Test
  void anErasureLeavesNothing() throws IOException {
    TestChat.Browser ada = world.signUp("ada@example.com");
    TestChat.Browser bob = world.signUp("bob@example.com");
    String id = ada.get("/me").json().at("/user/id").textValue();
    String conversation = world.converse(ada, "an unmistakable question");
    ada.send("POST", "/conversations/" + conversation + "/share", "{}");
    world.converse(bob, "an unmistakable answer");
    ArchiveWorld.eventually(
        () ->
            ArchiveWorld.hits(ada, ArchiveWorld.WORD).size() == 2
                && ArchiveWorld.hits(bob, ArchiveWorld.WORD).size() == 2);
    assertThat(ada.send("DELETE", "/me", "{\"password\":\"correct horse\"}").status())
        .isEqualTo(202);
    assertThat(ada.get("/me").status()).isEqualTo(401);
    ArchiveWorld.eventually(() -> world.accounts().erasures().pending().isEmpty());
    // Events go from their table to the log by themselves.
    ArchiveWorld.eventually(() -> !world.rows().contains(id));
    assertThat(world.rows()).doesNotContain("ada@example.com");
    assertThat(world.filesWith(ArchiveWorld.WORD)).isEmpty();
    assertThat(ArchiveWorld.hits(bob, ArchiveWorld.WORD)).hasSize(2);
    assertThat(bob.get("/conversations").json().at("/data")).hasSize(1);
  }

  /** An erasure that died after any of its steps is done again from the beginning. */
  @Test
  void anErasureThatWasBrokenOffGoesOnAtTheNextStart() {
    TestChat.Browser ada = world.signUp("ada@example.com");
    String id = ada.get("/me").json().at("/user/id").textValue();
    world.converse(ada, "an unmistakable question");
    world.accounts().erasures().request(id);
    assertThat(world.accounts().erasures().pending()).containsExactly(id);
    world.archive().upkeep();
    assertThat(world.accounts().erasures().pending()).isEmpty();
    ArchiveWorld.eventually(
        () -> !world.rows().contains(id)); // events go from their table to the log by themselves
    world.archive().upkeep();
  }

  @Test
  void aQuotaEndsAtMidnight() {
    TestChat.Browser ada = world.signUp("ada@example.com");
    String conversation = world.create(ada);
    for (int i = 0; i < 20; i++) {
      world.say(ada, conversation, "again");
    }
    TestChat.Answer refused = world.send(ada, conversation, null, "once more");
    assertThat(refused.status()).isEqualTo(429);
    assertThat(refused.header("retry-after-ms")).isEqualTo("86400001");
    assertThat(ada.get("/me").json().at("/quota/used").intValue()).isEqualTo(20);
    world.time().advance(Duration.ofDays(1));
    world.say(ada, conversation, "a new day");
  }
}
