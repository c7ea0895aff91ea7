package io.parley.chat.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.parley.chat.TestUsers;
import io.parley.chat.encryption.MasterKeys;
import io.parley.chat.encryption.UserKeys;
import io.parley.common.ParleyException;
import io.parley.embedded.SqliteDatabase;
import io.parley.embedded.search.LuceneSearchIndex;
import io.parley.ports.data.Database;
import io.parley.ports.search.SearchIndex;
import io.parley.testkit.VirtualTime;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConversationSearchTest {
  /** Conversations in a map. */
  private static final class Kept implements SearchSource {
    final Map<String, Searchable> byKey = new TreeMap<>();

    void put(Searchable one) {
      byKey.put(one.userId() + "/" + one.id(), one);
    }

    @Override
    public Optional<Found> message(String userId, String conversationId, String messageId) {
      return Optional.ofNullable((Searchable.Message) byKey.get(userId + "/" + messageId))
          .map(message -> new Found(Optional.of(message), refused(message)));
    }

    /** In this source an answer that says "REFUSED" refuses the message m1. */
    private static Optional<String> refused(Searchable.Message message) {
      return message.text().equals("REFUSED") ? Optional.of("m1") : Optional.empty();
    }

    @Override
    public Optional<Searchable.Title> title(String userId, String conversationId) {
      return Optional.ofNullable(
          (Searchable.Title) byKey.get(userId + "/" + Searchable.Title.idOf(conversationId)));
    }

    @Override
    public void all(Consumer<Searchable> each) {
      byKey.values().forEach(each);
    }
  }

  @TempDir Path directory;
  private final VirtualTime time = new VirtualTime();
  private final Kept kept = new Kept();
  private Database database;
  private UserKeys keys;
  private SearchIndex index;
  private SearchUpdates updates;
  private ConversationSearch search;

  @BeforeEach
  void open() {
    SecureRandom random = new SecureRandom();
    database = SqliteDatabase.open(directory.resolve("test.db"), 1);
    MasterKeys masters = MasterKeys.ofFileOrNew(directory.resolve("keys"), random);
    keys = new UserKeys(database, masters, time, random);
    TestUsers.insert(database, "ada", "bob", "cy", "ad", "ada2");
    openIndex();
  }

  private void openIndex() {
    index = LuceneSearchIndex.open(directory.resolve("index"));
    updates = new SearchUpdates(index, keys, kept);
    search = new ConversationSearch(index, keys, kept);
  }

  @AfterEach
  void close() {
    index.close();
    database.close();
  }

  @Test
  void findsMessagesAndTitlesAtOnce() {
    say("ada", "c1", "m1", "How does the borrow checker work?");
    title("ada", "c1", "Rust questions");
    assertThat(found("ada", "borrow CHECKER")).containsExactly("m1");
    assertThat(found("ada", "questions")).containsExactly("title:c1");
    SearchResults.Result hit = search.search("ada", request("checker")).results().getFirst();
    assertThat(hit.title()).hasValue("Rust questions");
    assertThat(hit.snippet().pieces())
        .containsExactly(
            new Snippet.Piece("How does the borrow ", false),
            new Snippet.Piece("checker", true),
            new Snippet.Piece(" work?", false));
  }

  @Test
  void findsTheBeginningOfAWordBehindTheWord() {
    say("ada", "c1", "m1", "conversational");
    say("ada", "c1", "m2", "a conversation");
    assertThat(found("ada", "conversation")).containsExactly("m2", "m1");
    assertThat(found("ada", "conv")).containsExactlyInAnyOrder("m1", "m2");
    assertThat(found("ada", "co")).isEmpty();
  }

  @Test
  void filtersByRoleModelAndDate() {
    say("ada", "c1", "m1", "word one");
    Instant between = time.now().plusSeconds(1);
    time.advance(Duration.ofSeconds(2));
    Searchable answer =
        new Searchable.Message(
            "ada", "c1", "m2", "assistant", Optional.of("parley-base"), time.now(), "word two");
    kept.put(answer);
    updates.messageChanged("ada", "c1", "m2");
    title("ada", "c1", "word three");
    assertThat(found("ada", "word")).hasSize(3);
    assertThat(filtered(Optional.of("user"), Optional.empty(), Optional.empty()))
        .containsExactly("m1");
    assertThat(filtered(Optional.empty(), Optional.of("parley-base"), Optional.empty()))
        .containsExactly("m2");
    assertThat(filtered(Optional.of("user"), Optional.empty(), Optional.of(between))).isEmpty();
  }

  private List<String> filtered(
      Optional<String> role, Optional<String> model, Optional<Instant> from) {
    return ids(
        search.search(
            "ada",
            new SearchRequest("word", from, Optional.empty(), role, model, 10, Optional.empty())));
  }

  @Test
  void doesNotFindWhatWasRemovedOrChanged() {
    say("ada", "c1", "m1", "first");
    say("ada", "c1", "m2", "second");
    say("ada", "c2", "m3", "second");
    kept.byKey.remove("ada/m1");
    updates.messageChanged("ada", "c1", "m1");
    assertThat(found("ada", "first")).isEmpty();
    updates.conversationRemoved("ada", "c1");
    assertThat(found("ada", "second")).containsExactly("m3");
    kept.byKey.remove("ada/m3");
    assertThat(found("ada", "second")).isEmpty();
    say("ada", "c3", "m4", "changed");
    kept.put(message("ada", "c3", "m4", "otherwise"));
    assertThat(found("ada", "changed")).isEmpty();
  }

  @Test
  void aMessageThatWasRefusedIsNotFoundAnyMore() {
    say("ada", "c1", "m1", "something terrible");
    assertThat(found("ada", "terrible")).containsExactly("m1");
    say("ada", "c1", "m2", "REFUSED");
    assertThat(found("ada", "terrible")).isEmpty();
  }

  @Test
  void canBeBuiltAnew() {
    say("ada", "c1", "m1", "before");
    kept.put(message("ada", "c1", "m2", "never indexed"));
    index.put(List.of());
    assertThat(updates.rebuild()).isEqualTo(2);
    assertThat(found("ada", "before")).containsExactly("m1");
    assertThat(found("ada", "never")).containsExactly("m2");
  }

  @Test
  void theFilesOfTheIndexTellNoWord() throws IOException {
    say("ada", "c1", "m1", "unmistakable confession");
    index.close();
    try (Stream<Path> files = Files.walk(directory.resolve("index"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String bytes = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        assertThat(bytes).doesNotContain("unmistakable").doesNotContain("confession");
      }
    }
    openIndex();
    assertThat(found("ada", "confession")).containsExactly("m1");
  }

  @Test
  void findsNothingWithoutTheKey() {
    say("ada", "c1", "m1", "word");
    keys.erase("ada");
    assertThat(found("ada", "word")).isEmpty();
  }

  /** Users who say the same things with the same ids find their own, all of it, and no more. */
  @Test
  void findsExactlyTheUsersOwnWhateverOthersSay() {
    Random random = new Random(7);
    List<String> users = List.of("ada", "bob", "cy", "ad", "ada2");
    List<String> vocabulary = List.of("rust", "java", "rusty", "go", "tea", "日", "über");
    for (int i = 0; i < 300; i++) {
      String user = users.get(random.nextInt(users.size()));
      String id = "m" + random.nextInt(60);
      String conversation = "c" + random.nextInt(5);
      switch (random.nextInt(10)) {
        case 0 -> {
          kept.byKey.remove(user + "/" + id);
          updates.messageChanged(user, conversation, id);
        }
        case 1 -> {
          kept.byKey
              .values()
              .removeIf(
                  one -> one.userId().equals(user) && one.conversationId().equals(conversation));
          updates.conversationRemoved(user, conversation);
        }
        default -> say(user, conversation, id, sentence(vocabulary, random));
      }
      String asking = users.get(random.nextInt(users.size()));
      String word = vocabulary.get(random.nextInt(vocabulary.size()));
      assertThat(new HashSet<>(found(asking, word))).isEqualTo(expected(asking, word));
    }
  }

  private Set<String> expected(String user, String query) {
    Word wanted = Words.of(query, 1).getFirst();
    return kept.byKey.values().stream()
        .filter(one -> one.userId().equals(user))
        .filter(one -> Words.of(one.text(), 100).stream().anyMatch(wanted::finds))
        .map(Searchable::id)
        .collect(Collectors.toSet());
  }

  private static String sentence(List<String> vocabulary, Random random) {
    return Stream.generate(() -> vocabulary.get(random.nextInt(vocabulary.size())))
        .limit(1 + random.nextInt(4))
        .collect(Collectors.joining(" "));
  }

  @Test
  void refusesQueriesOutsideOfTheLimits() {
    for (String text : List.of("", "  ", "x".repeat(501), "a ".repeat(17))) {
      assertThatExceptionOfType(ParleyException.class)
          .isThrownBy(() -> search.search("ada", request(text)))
          .withMessageStartingWith("q: ");
    }
    assertThat(search.search("ada", request("…")).results()).isEmpty();
  }

  @Test
  void pagesFollowEachOther() {
    for (int i = 0; i < 7; i++) {
      say("ada", "c1", "m" + i, "word");
    }
    List<String> seen = new ArrayList<>();
    Optional<String> cursor = Optional.empty();
    do {
      SearchResults page =
          search.search(
              "ada",
              new SearchRequest(
                  "word",
                  Optional.empty(),
                  Optional.empty(),
                  Optional.empty(),
                  Optional.empty(),
                  3,
                  cursor));
      seen.addAll(ids(page));
      cursor = page.next();
    } while (cursor.isPresent());
    assertThat(seen).hasSize(7).doesNotHaveDuplicates();
  }

  private void say(String user, String conversation, String id, String text) {
    Searchable message = message(user, conversation, id, text);
    kept.put(message);
    updates.messageChanged(user, conversation, id);
  }

  private Searchable message(String user, String conversation, String id, String text) {
    return new Searchable.Message(
        user, conversation, id, "user", Optional.empty(), time.now(), text);
  }

  private void title(String user, String conversation, String text) {
    Searchable title = new Searchable.Title(user, conversation, time.now(), text);
    kept.put(title);
    updates.titleChanged(user, conversation);
  }

  private List<String> found(String user, String text) {
    return ids(search.search(user, request(text)));
  }

  private static SearchRequest request(String text) {
    return new SearchRequest(
        text,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        100,
        Optional.empty());
  }

  private static List<String> ids(SearchResults results) {
    return results.results().stream().map(result -> result.found().id()).toList();
  }
}
