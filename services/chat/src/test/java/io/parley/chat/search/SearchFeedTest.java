package io.parley.chat.search;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.chat.TestUsers;
import io.parley.chat.encryption.MasterKeys;
import io.parley.chat.encryption.UserKeys;
import io.parley.chat.sync.ChatEvent;
import io.parley.chat.sync.UserEvents;
import io.parley.embedded.SqliteDatabase;
import io.parley.embedded.rocks.RocksStores;
import io.parley.embedded.search.LuceneSearchIndex;
import io.parley.ports.data.Database;
import io.parley.ports.search.SearchIndex;
import io.parley.ports.search.SearchQuery;
import io.parley.testkit.VirtualTime;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SearchFeedTest {
  /** Messages by id, of one user; the id says what is wrong with it. */
  private static final class Messages implements SearchSource {
    final Map<String, String> texts = new TreeMap<>();
    final VirtualTime time;

    Messages(VirtualTime time) {
      this.time = time;
    }

    @Override
    public Optional<Found> message(String userId, String conversationId, String messageId) {
      if (messageId.equals("damaged")) {
        throw new IllegalStateException("on purpose");
      }
      return Optional.ofNullable(texts.get(messageId))
          .map(text -> new Found(Optional.of(searchable(messageId, text)), Optional.empty()));
    }

    private Searchable.Message searchable(String id, String text) {
      return new Searchable.Message("ada", "c1", id, "user", Optional.empty(), time.now(), text);
    }

    @Override
    public Optional<Searchable.Title> title(String userId, String conversationId) {
      return Optional.empty();
    }

    @Override
    public void all(Consumer<Searchable> each) {
      texts.forEach((id, text) -> each.accept(searchable(id, text)));
    }
  }

  @TempDir Path directory;
  private final VirtualTime time = new VirtualTime();
  private final Messages messages = new Messages(time);
  private Database database;
  private RocksStores stores;
  private UserKeys keys;
  private SearchIndex index;
  private SearchFeed feed;

  @BeforeEach
  void open() {
    SecureRandom random = new SecureRandom();
    database = SqliteDatabase.open(directory.resolve("test.db"), 1);
    TestUsers.insert(database, "ada");
    stores = RocksStores.open(directory.resolve("stores"), time);
    MasterKeys masters = MasterKeys.ofFileOrNew(directory.resolve("keys"), random);
    keys = new UserKeys(database, masters, time, random);
    feedInto(directory.resolve("index"));
  }

  private void feedInto(Path path) {
    index = LuceneSearchIndex.open(path);
    SearchUpdates updates = new SearchUpdates(index, keys, messages);
    feed = new SearchFeed(stores.eventLog(), index, updates, time);
  }

  @AfterEach
  void close() {
    index.close();
    stores.close();
    database.close();
  }

  @Test
  void appliesEventsAsTheyCome() {
    feed.catchUp();
    say("m1", "first");
    assertThat(found("first")).isEmpty();
    feed.catchUp();
    assertThat(found("first")).containsExactly("m1");
    append(new ChatEvent.ConversationDeleted("c1"));
    feed.catchUp();
    assertThat(index.search(query("first")).hits()).isEmpty();
  }

  @Test
  void goesOnAfterACrashFromWhereItHadCommitted() throws IOException {
    say("m1", "first");
    feed.catchUp();
    say("m2", "second");
    feed.catchUp();
    Path crashed = directory.resolve("crashed");
    copy(directory.resolve("index"), crashed);
    index.close();
    feedInto(crashed);
    assertThat(found("second")).isEmpty();
    feed.catchUp();
    assertThat(found("first")).containsExactly("m1");
    assertThat(found("second")).containsExactly("m2");
  }

  @Test
  void readsNothingTwiceAfterItWasClosed() {
    feed.catchUp();
    say("m1", "first");
    feed.catchUp();
    feed.close();
    index.close();
    messages.texts.clear();
    feedInto(directory.resolve("index"));
    feed.catchUp();
    assertThat(index.search(query("first")).hits()).hasSize(1);
  }

  @Test
  void buildsTheIndexAnewWhenTheEventsAreNoLongerKept() {
    feed.catchUp();
    feed.close();
    index.close();
    say("m1", "first");
    time.advance(Duration.ofDays(8));
    stores.eventLog().trim(UserEvents.TOPIC, Duration.ofDays(7));
    feedInto(directory.resolve("index"));
    feed.catchUp();
    assertThat(found("first")).containsExactly("m1");
  }

  @Test
  void oneMessageThatIsDamagedKeepsNoOtherFromBeingFound() {
    feed.catchUp();
    append(new ChatEvent.MessageChanged("c1", "damaged"));
    say("m1", "first");
    feed.catchUp();
    assertThat(found("first")).containsExactly("m1");
  }

  private void say(String id, String text) {
    messages.texts.put(id, text);
    append(new ChatEvent.MessageChanged("c1", id));
  }

  private void append(ChatEvent event) {
    stores
        .eventLog()
        .append(UserEvents.TOPIC, "ada", ChatEvent.encode(event).getBytes(StandardCharsets.UTF_8));
  }

  private List<String> found(String word) {
    return new ConversationSearch(index, keys, messages)
            .search(
                "ada",
                new SearchRequest(
                    word,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    10,
                    Optional.empty()))
            .results()
            .stream()
            .map(result -> result.found().id())
            .toList();
  }

  private SearchQuery query(String word) {
    return new SearchQuery(
        "ada",
        List.of(
            BlindedText.wanted(
                Words.of(word, 1).getFirst(), keys.find("ada").orElseThrow().blinding())),
        Map.of(),
        Optional.empty(),
        Optional.empty(),
        10,
        Optional.empty());
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.createDirectory(to);
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    }
  }
}
