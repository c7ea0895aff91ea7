package io.parley.chat.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.parley.chat.ChatLimits;
import io.parley.chat.encryption.MasterKeys;
import io.parley.chat.notifications.NotificationSettings;
import io.parley.chat.retention.RetentionPolicy;
import io.parley.chat.users.AccountSettings;
import io.parley.chat.users.Organisation;
import io.parley.chat.users.PasswordCost;
import io.parley.common.Ulid;
import io.parley.embedded.DirectoryObjectStore;
import io.parley.embedded.InProcessEphemeralStore;
import io.parley.embedded.SqliteDatabase;
import io.parley.embedded.rocks.RocksStores;
import io.parley.embedded.search.LuceneSearchIndex;
import io.parley.ports.data.Database;
import io.parley.ports.model.Usage;
import io.parley.ports.search.SearchIndex;
import io.parley.testkit.FakeModelPool;
import io.parley.testkit.VirtualTime;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Search, sharing, export, retention and erasure, over HTTP and everything that is embedded. */
class ArchiveApiTest {
  private static final String WORD = "unmistakable";
  private static final int PATIENCE_ROUNDS = 2_000;
  private static final long PAUSE_NANOS = 1_000_000;

  @TempDir Path directory;
  private final VirtualTime time = new VirtualTime();
  private final SecureRandom random = new SecureRandom();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private Database database;
  private RocksStores rocks;
  private SearchIndex index;
  private ChatAccounts accounts;
  private ChatService chat;
  private ChatArchive archive;
  private TestChat server;
  private int sent;

  @BeforeEach
  void start() {
    database = SqliteDatabase.open(directory.resolve("chat.db"), 1);
    rocks = RocksStores.open(directory.resolve("rocks"), time);
    index = LuceneSearchIndex.open(directory.resolve("index"));
    accounts =
        new ChatAccounts(
            new ChatAccounts.Outside(
                database,
                new InProcessEphemeralStore(time, 10_000),
                MasterKeys.ofFileOrNew(directory.resolve("keys"), random),
                new Organisation("org_1", "Home"),
                AccountSettings.DEFAULTS,
                new PasswordCost(64, 1, 1),
                List.of(),
                20,
                NotificationSettings.NONE,
                time,
                random));
    chat =
        new ChatService(
            new ChatService.Outside(
                database,
                rocks.messageStore(),
                rocks.eventLog(),
                rocks.streamBuffers(),
                new DirectoryObjectStore(directory.resolve("objects")),
                new EchoMessages(usage()),
                new FakeModelPool(List.of(FakeModelPool.textModel("fake"))),
                "fake",
                accounts.cipher(),
                time,
                new Ulid(time, random),
                threads,
                ChatLimits.DEFAULTS));
    archive =
        new ChatArchive(
            new ChatArchive.Outside(
                database,
                rocks.eventLog(),
                index,
                new RetentionPolicy(30, Map.of("org_2", 0)),
                time,
                random),
            accounts,
            chat);
    chat.start();
    archive.start();
    List<ChatRoute> routes = new ArrayList<>(chat.routes());
    routes.addAll(archive.routes());
    server = new TestChat(routes, accounts.sessions());
  }

  private static Usage usage() {
    return new Usage(7, 3);
  }

  @AfterEach
  void stop() {
    server.close();
    archive.close();
    threads.close();
    accounts.close();
    index.close();
    rocks.close();
    database.close();
  }

  @Test
  void findsWhatWasSaidAndAnsweredAndTitled() {
    TestChat.Browser ada = signUp("ada@example.com");
    String conversation = converse(ada, "an unmistakable question");
    eventually(() -> hits(ada, WORD).size() == 2);
    JsonNode hit = hits(ada, WORD + "&role=user").getFirst();
    assertThat(hit.at("/conversation_id").textValue()).isEqualTo(conversation);
    assertThat(hit.at("/role").textValue()).isEqualTo("user");
    assertThat(hit.at("/snippet/1")).hasToString("{\"text\":\"unmistakable\",\"hit\":true}");
    assertThat(hits(ada, WORD + "&model=fake")).hasSize(1);
    assertThat(hits(ada, WORD + "&to=2025-12-31")).isEmpty();
    assertThat(hits(ada, WORD + "&from=2026-01-01&to=2026-01-01")).hasSize(2);
    eventually(() -> titles(ada, "small+talk").size() == 1);
    assertThat(titles(ada, "small+talk").getFirst().at("/title").textValue())
        .isEqualTo("Small talk");
  }

  @Test
  void findsNothingOfOthersAndNothingThatWasRefused() {
    TestChat.Browser ada = signUp("ada@example.com");
    TestChat.Browser bob = signUp("bob@example.com");
    converse(ada, "an unmistakable question");
    converse(bob, "a terrible unmistakable question");
    converse(bob, "afterwards");
    eventually(() -> hits(bob, "afterwards").size() == 2 && hits(ada, WORD).size() == 2);
    eventually(() -> hits(bob, WORD).isEmpty());
  }

  @Test
  void aDeletedConversationIsNotFound() {
    TestChat.Browser ada = signUp("ada@example.com");
    String conversation = converse(ada, "an unmistakable question");
    eventually(() -> hits(ada, WORD).size() == 2);
    long version = version(ada, conversation);
    assertThat(
            ada.send("DELETE", "/conversations/" + conversation + "?version=" + version, "")
                .status())
        .isEqualTo(204);
    eventually(() -> hits(ada, WORD).isEmpty());
  }

  @Test
  void namesWhatIsWrongWithASearch() {
    TestChat.Browser ada = signUp("ada@example.com");
    assertThat(ada.get("/search").error()).startsWith("invalid_request_error q: ");
    assertThat(ada.get("/search?q=a&from=yesterday").error()).contains("from: ");
    assertThat(ada.get("/search?q=a&role=robot").error()).contains("role: ");
    assertThat(ada.get("/search?q=a&limit=1000").error()).contains("limit: ");
    assertThat(server.browser().get("/search?q=a").status()).isEqualTo(401);
  }

  @Test
  void aLinkShowsTheBranchOfThatDayToAnybodyUntilItIsRevoked() {
    TestChat.Browser ada = signUp("ada@example.com");
    String conversation = converse(ada, "first");
    String path = "/conversations/" + conversation + "/share";
    TestChat.Answer link = ada.send("POST", path, "{}");
    assertThat(link.status()).isEqualTo(201);
    String id = link.json().at("/share_id").textValue();
    assertThat(link.json().at("/url").textValue()).isEqualTo("/share/" + id);
    say(ada, conversation, "second");
    TestChat.Answer shared = server.browser().get("/shared/" + id);
    assertThat(texts(shared.json())).containsExactly("first", "You said: first");
    assertThat(ada.send("POST", path, "{}").json().at("/share_id").textValue()).isEqualTo(id);
    assertThat(texts(server.browser().get("/shared/" + id).json())).hasSize(4);
    TestChat.Browser bob = signUp("bob@example.com");
    assertThat(bob.send("DELETE", path, "").status()).isEqualTo(404);
    assertThat(ada.send("DELETE", path, "").status()).isEqualTo(204);
    assertThat(server.browser().get("/shared/" + id).status()).isEqualTo(404);
    assertThat(ada.get("/conversations/" + conversation).json().at("/share_id").isNull()).isTrue();
  }

  @Test
  void exportsEverythingAsJsonAndWhatIsShownAsMarkdown() {
    TestChat.Browser ada = signUp("ada@example.com");
    String conversation = converse(ada, "first");
    say(ada, conversation, "second");
    say(ada, conversation, null, "instead of all that");
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
    assertThat(signUp("bob@example.com").get("/conversations/" + conversation + "/export").status())
        .isEqualTo(404);
  }

  @Test
  void forgetsWhatNobodyTouchedForDaysUnlessItIsFlagged() {
    TestChat.Browser ada = signUp("ada@example.com");
    String old = converse(ada, "old");
    String flagged = converse(ada, "flagged");
    ada.send(
        "PATCH",
        "/conversations/" + flagged,
        "{\"version\":%d,\"flagged\":true}".formatted(version(ada, flagged)));
    time.advance(Duration.ofDays(29));
    assertThat(ada.get("/me").status()).isEqualTo(401);
    archive.upkeep();
    TestChat.Browser again = login("ada@example.com");
    assertThat(again.get("/conversations/" + old).status()).isEqualTo(200);
    String fresh = converse(again, "fresh");
    time.advance(Duration.ofDays(2));
    archive.upkeep();
    assertThat(again.get("/conversations/" + old).status()).isEqualTo(404);
    assertThat(again.get("/conversations/" + flagged).status()).isEqualTo(200);
    assertThat(again.get("/conversations/" + fresh).status()).isEqualTo(200);
  }

  @Test
  void aQuotaEndsAtMidnight() {
    TestChat.Browser ada = signUp("ada@example.com");
    String conversation = create(ada);
    for (int i = 0; i < 20; i++) {
      say(ada, conversation, "again");
    }
    TestChat.Answer refused = send(ada, conversation, null, "once more");
    assertThat(refused.status()).isEqualTo(429);
    assertThat(refused.header("retry-after-ms")).isEqualTo("86400001");
    assertThat(ada.get("/me").json().at("/quota/used").intValue()).isEqualTo(20);
    time.advance(Duration.ofDays(1));
    say(ada, conversation, "a new day");
  }

  @Test
  void whatIsStoredIsSealed() throws IOException {
    TestChat.Browser ada = signUp("ada@example.com");
    converse(ada, "an unmistakable question");
    eventually(() -> hits(ada, WORD).size() == 2);
    assertThat(filesWith(WORD)).isEmpty();
  }

  @Test
  void anErasureLeavesNothing() throws IOException {
    TestChat.Browser ada = signUp("ada@example.com");
    TestChat.Browser bob = signUp("bob@example.com");
    String id = ada.get("/me").json().at("/user/id").textValue();
    String conversation = converse(ada, "an unmistakable question");
    ada.send("POST", "/conversations/" + conversation + "/share", "{}");
    converse(bob, "an unmistakable answer");
    eventually(() -> hits(ada, WORD).size() == 2 && hits(bob, WORD).size() == 2);
    assertThat(ada.send("DELETE", "/me", "{\"password\":\"correct horse\"}").status())
        .isEqualTo(202);
    assertThat(ada.get("/me").status()).isEqualTo(401);
    eventually(() -> accounts.erasures().pending().isEmpty());
    assertThat(rows()).doesNotContain("ada@example.com");
    eventuallyNowhere(id);
    assertThat(filesWith(WORD)).isEmpty();
    assertThat(hits(bob, WORD)).hasSize(2);
    assertThat(bob.get("/conversations").json().at("/data")).hasSize(1);
  }

  /** An erasure that died after any of its steps is done again from the beginning. */
  @Test
  void anErasureThatWasBrokenOffGoesOnAtTheNextStart() {
    TestChat.Browser ada = signUp("ada@example.com");
    String id = ada.get("/me").json().at("/user/id").textValue();
    converse(ada, "an unmistakable question");
    accounts.erasures().request(id);
    assertThat(accounts.erasures().pending()).containsExactly(id);
    archive.upkeep();
    assertThat(accounts.erasures().pending()).isEmpty();
    eventuallyNowhere(id);
    archive.upkeep();
  }

  @Test
  void everyRouteIsDescribedAndEveryDescriptionIsARoute() throws IOException {
    Path docs = Path.of("").toAbsolutePath();
    while (!Files.exists(docs.resolve("docs/api/chat.yaml"))) {
      docs = Objects.requireNonNull(docs.getParent(), "no docs/api");
    }
    JsonNode api =
        new ObjectMapper(new YAMLFactory()).readTree(docs.resolve("docs/api/chat.yaml").toFile());
    Set<String> described = new TreeSet<>();
    for (var path : api.get("paths").properties()) {
      for (var method : path.getValue().properties()) {
        if (method.getValue().at("/tags/0").asText().equals("accounts")) {
          described.add(method.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey());
        }
      }
    }
    Set<String> served =
        archive.routes().stream()
            .map(
                route ->
                    route.method()
                        + " "
                        + ChatHttp.ROOT
                        + route.path().replaceAll(":(\\w+)", "{$1}"))
            .collect(Collectors.toSet());
    assertThat(served).isEqualTo(described);
  }

  /** Every row of every table but those of Flyway. Events hold ids only, and go after a week. */
  private String rows() {
    return database.read(
        handle -> {
          StringBuilder all = new StringBuilder();
          for (String table :
              handle
                  .createQuery("SELECT name FROM sqlite_master WHERE type = 'table'")
                  .mapTo(String.class)
                  .list()) {
            all.append(handle.createQuery("SELECT * FROM " + table).mapToMap().list());
          }
          return all.toString();
        });
  }

  /** Events go from their table to the log by themselves, a moment after the rest. */
  private void eventuallyNowhere(String id) {
    eventually(() -> !rows().contains(id));
  }

  private List<Path> filesWith(String word) throws IOException {
    List<Path> found = new ArrayList<>();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(word)) {
          found.add(file);
        }
      }
    }
    return found;
  }

  // ---- What a page would do ---------------------------------------------------------------------

  private TestChat.Browser signUp(String email) {
    TestChat.Browser browser = server.browser();
    assertThat(
            browser
                .send(
                    "POST",
                    "/sign-up",
                    "{\"email\":\"%s\",\"name\":\"Ada\",\"password\":\"correct horse\"}"
                        .formatted(email))
                .status())
        .isEqualTo(201);
    return browser;
  }

  private TestChat.Browser login(String email) {
    TestChat.Browser browser = server.browser();
    browser.send(
        "POST", "/login", "{\"email\":\"%s\",\"password\":\"correct horse\"}".formatted(email));
    return browser;
  }

  private String converse(TestChat.Browser browser, String text) {
    String conversation = create(browser);
    say(browser, conversation, text);
    return conversation;
  }

  private static String create(TestChat.Browser browser) {
    return browser
        .send("POST", "/conversations", "{\"title\":\"Small talk\"}")
        .json()
        .at("/id")
        .textValue();
  }

  /** Goes on where the conversation is, and waits for the answer. */
  private void say(TestChat.Browser browser, String conversation, String text) {
    String head = browser.get("/conversations/" + conversation).json().at("/head_id").textValue();
    say(browser, conversation, head, text);
  }

  private void say(
      TestChat.Browser browser, String conversation, @Nullable String parent, String text) {
    TestChat.Answer answer = send(browser, conversation, parent, text);
    assertThat(answer.status()).as(answer.text()).isEqualTo(201);
    String path =
        "/conversations/"
            + conversation
            + "/messages/"
            + answer.json().at("/answer/id").textValue();
    eventually(() -> !browser.get(path).json().at("/status").textValue().equals("streaming"));
  }

  private TestChat.Answer send(
      TestChat.Browser browser, String conversation, @Nullable String parent, String text) {
    return browser.send(
        "POST",
        "/conversations/" + conversation + "/messages",
        """
        {"client_id":"c%d","version":%d,"parent_id":%s,
         "content":[{"type":"text","text":"%s"}]}
        """
            .formatted(
                sent++,
                version(browser, conversation),
                parent == null ? "null" : "\"" + parent + "\"",
                text));
  }

  private static long version(TestChat.Browser browser, String conversation) {
    return browser.get("/conversations/" + conversation).json().at("/version").longValue();
  }

  /** Messages that are found. */
  private static List<JsonNode> hits(TestChat.Browser browser, String query) {
    return found(browser, query).filter(hit -> !hit.at("/message_id").isNull()).toList();
  }

  /** Conversations whose title is found; the model may give them any. */
  private static List<JsonNode> titles(TestChat.Browser browser, String query) {
    return found(browser, query).filter(hit -> hit.at("/message_id").isNull()).toList();
  }

  private static Stream<JsonNode> found(TestChat.Browser browser, String query) {
    return browser.get("/search?q=" + query).json().at("/data").valueStream();
  }

  private static List<String> texts(JsonNode messages) {
    return messages.at("/data").findValuesAsText("text");
  }

  /** Feed and erasure are other threads; they have some seconds, however quick a look is. */
  private static void eventually(BooleanSupplier condition) {
    for (int round = 0; round < PATIENCE_ROUNDS; round++) {
      if (condition.getAsBoolean()) {
        return;
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
    assertThat(condition.getAsBoolean()).as("after %d looks", PATIENCE_ROUNDS).isTrue();
  }
}
