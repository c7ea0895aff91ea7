package io.parley.chat.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Links and exports over HTTP. */
class SharingApiTest {
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
  void aLinkShowsTheBranchOfThatDayToAnybodyUntilItIsRevoked() {
    TestChat.Browser ada = world.signUp("ada@example.com");
    String conversation = world.converse(ada, "first");
    String path = "/conversations/" + conversation + "/share";
    TestChat.Answer link = ada.send("POST", path, "{}");
    assertThat(link.status()).isEqualTo(201);
    String id = link.json().at("/share_id").textValue();
    assertThat(link.json().at("/url").textValue()).isEqualTo("/share/" + id);
    world.say(ada, conversation, "second");
    TestChat.Answer shared = world.server().browser().get("/shared/" + id);
    assertThat(ArchiveWorld.texts(shared.json())).containsExactly("first", "You said: first");
    assertThat(ada.send("POST", path, "{}").json().at("/share_id").textValue()).isEqualTo(id);
    assertThat(ArchiveWorld.texts(world.server().browser().get("/shared/" + id).json())).hasSize(4);
    TestChat.Browser bob = world.signUp("bob@example.com");
    assertThat(bob.send("DELETE", path, "").status()).isEqualTo(404);
    assertThat(ada.send("DELETE", path, "").status()).isEqualTo(204);
    assertThat(world.server().browser().get("/shared/" + id).status()).isEqualTo(404);
    assertThat(ada.get("/conversations/" + conversation).json().at("/share_id").isNull()).isTrue();
  }

  @Test
  void exportsEverythingAsJsonAndWhatIsShownAsMarkdown() {
    TestChat.Browser ada = world.signUp("ada@example.com");
    String conversation = world.converse(ada, "first");
    world.say(ada, conversation, "second");
    world.say(ada, conversation, null, "instead of all that");
    TestChat.Answer json = ada.get("/conversations/" + conversation + "/export?format=json");
    assertThat(json.header("content-disposition"))
        .isEqualTo("attachment; filename=\"" + conversation + ".json\"");
    assertThat(json.json().at("/conversation/id").textValue()).isEqualTo(conversation);
    assertThat(json.json().at("/messages")).hasSize(6);
    String markdown = ada.get("/conversations/" + conversation + "/export?format=markdown").text();
    assertThat(markdown)
        .contains("## You · 2026-01-01 00:00 UTC\n\ninstead of all that\n")
        .contains("## Assistant (fake)")
        .doesNotContain("second");
    assertThat(ada.get("/conversations/" + conversation + "/export?format=pdf").error())
        .contains("format: ");
    assertThat(
            world
                .signUp("bob@example.com")
                .get("/conversations/" + conversation + "/export")
                .status())
        .isEqualTo(404);
  }

  @Test
  void aLinkShowsThePicturesOfItsMessagesAndNoOthers() {
    TestChat.Browser ada = world.signUp("ada@example.com");
    String shown = world.picture(ada, "red");
    String other = world.picture(ada, "blue");
    String later = world.picture(ada, "green");
    String conversation = world.create(ada);
    world.show(ada, conversation, "what is this?", shown);
    String id =
        ada.send("POST", "/conversations/" + conversation + "/share", "{}")
            .json()
            .at("/share_id")
            .textValue();
    world.show(ada, conversation, "and this?", later);
    TestChat.Browser anybody = world.server().browser();
    TestChat.Answer picture = anybody.get("/shared/" + id + "/images/" + shown);
    assertThat(picture.status()).as(picture.text()).isEqualTo(200);
    assertThat(picture.response().body()).isEqualTo(ada.get("/images/" + shown).response().body());
    assertThat(picture.header("content-type")).isEqualTo("image/png");
    assertThat(picture.header("content-security-policy")).contains("sandbox");
    assertThat(anybody.get("/shared/" + id + "/images/" + other).status()).isEqualTo(404);
    assertThat(anybody.get("/shared/" + id + "/images/" + later).status()).isEqualTo(404);
    assertThat(anybody.get("/images/" + shown).status()).isEqualTo(401);
    assertThat(anybody.get("/shared/none/images/" + shown).status()).isEqualTo(404);
    ada.send("POST", "/conversations/" + conversation + "/share", "{}");
    assertThat(anybody.get("/shared/" + id + "/images/" + later).status()).isEqualTo(200);
    ada.send("DELETE", "/conversations/" + conversation + "/share", "");
    assertThat(anybody.get("/shared/" + id + "/images/" + shown).status()).isEqualTo(404);
  }
}
