package io.parley.chat.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
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
import io.parley.ports.model.ModelDescriptor;
import io.parley.ports.model.Usage;
import io.parley.ports.search.SearchIndex;
import io.parley.testkit.FakeModelPool;
import io.parley.testkit.VirtualTime;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Chat with its accounts, its search and its archive, over HTTP and everything that is embedded,
 * with a model that repeats what it is told. Here are also the things that a page would do.
 */
final class ArchiveWorld implements AutoCloseable {
  /** Is said by tests, and by nobody else. */
  static final String WORD = "unmistakable";

  private static final int PATIENCE_ROUNDS = 2_000;
  private static final long PAUSE_NANOS = 1_000_000;

  private final Path directory;
  private final VirtualTime time = new VirtualTime();
  private final SecureRandom random = new SecureRandom();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Database database;
  private final RocksStores rocks;
  private final SearchIndex index;
  private final ChatAccounts accounts;
  private final ChatService chat;
  private final ChatArchive archive;
  private final TestChat server;
  private int sent;

  ArchiveWorld(Path directory) {
    this.directory = directory;
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
                new FakeModelPool(List.of(model())),
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

  /** It sees pictures, at least as far as it lets itself be sent some. */
  private static ModelDescriptor model() {
    return new ModelDescriptor(
        "fake", "Fake", Instant.parse("2026-01-02T03:04:05Z"), 2_048, true, true, false);
  }

  private static Usage usage() {
    return new Usage(7, 3);
  }

  VirtualTime time() {
    return time;
  }

  ChatAccounts accounts() {
    return accounts;
  }

  ChatArchive archive() {
    return archive;
  }

  TestChat server() {
    return server;
  }

  @Override
  public void close() {
    server.close();
    archive.close();
    threads.close();
    accounts.close();
    index.close();
    rocks.close();
    database.close();
  }

  /** Every row of every table but those of Flyway. Events hold ids only, and go after a week. */
  String rows() {
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

  List<Path> filesWith(String word) throws IOException {
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

  TestChat.Browser signUp(String email) {
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

  TestChat.Browser login(String email) {
    TestChat.Browser browser = server.browser();
    browser.send(
        "POST", "/login", "{\"email\":\"%s\",\"password\":\"correct horse\"}".formatted(email));
    return browser;
  }

  String converse(TestChat.Browser browser, String text) {
    String conversation = create(browser);
    say(browser, conversation, text);
    return conversation;
  }

  String create(TestChat.Browser browser) {
    return browser
        .send("POST", "/conversations", "{\"title\":\"Small talk\"}")
        .json()
        .at("/id")
        .textValue();
  }

  /** Goes on where the conversation is, and waits for the answer. */
  void say(TestChat.Browser browser, String conversation, String text) {
    String head = browser.get("/conversations/" + conversation).json().at("/head_id").textValue();
    say(browser, conversation, head, text);
  }

  void say(TestChat.Browser browser, String conversation, @Nullable String parent, String text) {
    awaitAnswer(browser, conversation, send(browser, conversation, parent, text));
  }

  private static void awaitAnswer(
      TestChat.Browser browser, String conversation, TestChat.Answer answer) {
    assertThat(answer.status()).as(answer.text()).isEqualTo(201);
    String path =
        "/conversations/"
            + conversation
            + "/messages/"
            + answer.json().at("/answer/id").textValue();
    eventually(() -> !browser.get(path).json().at("/status").textValue().equals("streaming"));
  }

  /** Says something about a picture, and waits for the answer. */
  void show(TestChat.Browser browser, String conversation, String text, String imageId) {
    String head = browser.get("/conversations/" + conversation).json().at("/head_id").textValue();
    String image = ",{\"type\":\"image\",\"image_id\":\"" + imageId + "\"}";
    awaitAnswer(browser, conversation, send(browser, conversation, head, text, image));
  }

  /** A picture of one colour, uploaded; its id. */
  String picture(TestChat.Browser browser, String colour) {
    TestChat.Answer added = browser.upload("/images", "image/png", Pictures.png(colour));
    assertThat(added.status()).as(added.text()).isEqualTo(201);
    return added.json().at("/image_id").textValue();
  }

  TestChat.Answer send(
      TestChat.Browser browser, String conversation, @Nullable String parent, String text) {
    return send(browser, conversation, parent, text, "");
  }

  private TestChat.Answer send(
      TestChat.Browser browser,
      String conversation,
      @Nullable String parent,
      String text,
      String more) {
    return browser.send(
        "POST",
        "/conversations/" + conversation + "/messages",
        """
        {"client_id":"c%d","version":%d,"parent_id":%s,
         "content":[{"type":"text","text":"%s"}%s]}
        """
            .formatted(
                sent++,
                version(browser, conversation),
                parent == null ? "null" : "\"" + parent + "\"",
                text,
                more));
  }

  static long version(TestChat.Browser browser, String conversation) {
    return browser.get("/conversations/" + conversation).json().at("/version").longValue();
  }

  /** Messages that are found. */
  static List<JsonNode> hits(TestChat.Browser browser, String query) {
    return found(browser, query).filter(hit -> !hit.at("/message_id").isNull()).toList();
  }

  /** Conversations whose title is found; the model may give them any. */
  static List<JsonNode> titles(TestChat.Browser browser, String query) {
    return found(browser, query).filter(hit -> hit.at("/message_id").isNull()).toList();
  }

  private static Stream<JsonNode> found(TestChat.Browser browser, String query) {
    return browser.get("/search?q=" + query).json().at("/data").valueStream();
  }

  static List<String> texts(JsonNode messages) {
    return messages.at("/data").findValuesAsText("text");
  }

  /** Feed and erasure are other threads; they have some seconds, however quick a look is. */
  static void eventually(BooleanSupplier condition) {
    for (int round = 0; round < PATIENCE_ROUNDS; round++) {
      if (condition.getAsBoolean()) {
        return;
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
    assertThat(condition.getAsBoolean()).as("after %d looks", PATIENCE_ROUNDS).isTrue();
  }
}
