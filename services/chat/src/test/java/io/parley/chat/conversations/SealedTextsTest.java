package io.parley.chat.conversations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.parley.chat.ChatLimits;
import io.parley.chat.ChatUser;
import io.parley.chat.TestUsers;
import io.parley.chat.encryption.EncryptedBodies;
import io.parley.chat.encryption.MasterKeys;
import io.parley.chat.encryption.UserKeys;
import io.parley.chat.sync.UserEvents;
import io.parley.chat.users.UserErasures;
import io.parley.common.ParleyException;
import io.parley.common.Ulid;
import io.parley.embedded.SqliteDatabase;
import io.parley.embedded.rocks.RocksStores;
import io.parley.testkit.VirtualTime;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Titles and system prompts, with the keys of their users. */
class SealedTextsTest {
  private static final ChatUser ADA = new ChatUser("org_1", "usr_ada", false);
  private static final ChatUser BOB = new ChatUser("org_1", "usr_bob", false);

  @TempDir Path directory;
  private final VirtualTime time = new VirtualTime();
  private final SecureRandom random = new SecureRandom();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private SqliteDatabase database;
  private RocksStores stores;
  private UserKeys keys;
  private EncryptedBodies cipher;
  private ConversationStore conversations;

  @BeforeEach
  void open() {
    database = SqliteDatabase.open(directory.resolve("chat.db"), 1);
    stores = RocksStores.open(directory.resolve("stores"), time);
    TestUsers.insert(database, ADA.userId(), BOB.userId());
    keys =
        new UserKeys(
            database, MasterKeys.ofFileOrNew(directory.resolve("keys"), random), time, random);
    cipher = new EncryptedBodies(keys, random);
    UserEvents events =
        new UserEvents(database, stores.eventLog(), new Ulid(time, random), threads);
    conversations = new ConversationStore(database, events, cipher, time, ChatLimits.DEFAULTS);
  }

  @AfterEach
  void close() {
    threads.close();
    stores.close();
    database.close();
  }

  private Conversation create(
      ChatUser owner, String id, @Nullable String title, @Nullable String system) {
    return conversations
        .create(owner, new ConversationStore.Fresh(id, title, null, system))
        .conversation();
  }

  /** As an earlier version left a row. */
  private void store(String id, String title, @Nullable String system) {
    database.write(
        handle ->
            handle.execute(
                "UPDATE chat_conversations SET title = ?, system = ?, title_sealed = NULL,"
                    + " system_sealed = NULL WHERE id = ?",
                title,
                system,
                id));
  }

  /** Everything that the table holds, bytes as characters. */
  private String stored() {
    return database.read(
        handle -> {
          StringBuilder all = new StringBuilder();
          handle
              .createQuery("SELECT * FROM chat_conversations")
              .mapToMap()
              .forEach(
                  row ->
                      row.values()
                          .forEach(
                              value ->
                                  all.append(
                                      value instanceof byte[] bytes
                                          ? new String(bytes, StandardCharsets.ISO_8859_1)
                                          : value)));
          return all.toString();
        });
  }

  @Test
  void areReadBackAndStandNowhereAsText() {
    create(ADA, "conv_1", "About whales", "Speak like whales do");
    assertThat(conversations.get(ADA, "conv_1").title()).isEqualTo("About whales");
    Conversation listed = conversations.list(ADA, false, null, 10).getFirst();
    assertThat(listed.title()).isEqualTo("About whales");
    assertThat(listed.system()).isEqualTo("Speak like whales do");
    assertThat(stored()).contains("conv_1").doesNotContain("whales");
  }

  @Test
  void areChangedOneByOne() {
    create(ADA, "conv_1", "About whales", "Be brief");
    Conversation renamed =
        conversations.change(ADA, "conv_1", 1, now -> now.withTexts("Of whales", now.system()));
    assertThat(renamed.title()).isEqualTo("Of whales");
    assertThat(renamed.system()).isEqualTo("Be brief");
    Conversation bare = conversations.change(ADA, "conv_1", 2, now -> now.withTexts(null, null));
    assertThat(bare.title()).isNull();
    assertThat(bare.system()).isNull();
  }

  @Test
  void aTitleThatTheModelGivesWhileTheUserChangesSomethingElseStays() {
    create(ADA, "conv_1", null, null);
    conversations.change(
        ADA,
        "conv_1",
        1,
        now -> {
          conversations.titleByModel(ADA, "conv_1", "Of whales");
          return now.withTexts(now.title(), "Be brief");
        });
    Conversation after = conversations.get(ADA, "conv_1");
    assertThat(after.title()).isEqualTo("Of whales");
    assertThat(after.titleBy()).isEqualTo(TitleBy.MODEL);
    assertThat(after.system()).isEqualTo("Be brief");
    assertThat(stored()).doesNotContain("whales");
  }

  @Test
  void whoComesTooLateIsToldTheTitleOfToday() {
    create(ADA, "conv_1", "About whales", null);
    conversations.change(ADA, "conv_1", 1, now -> now.withTexts("Of whales", null));
    assertThatExceptionOfType(StaleVersionException.class)
        .isThrownBy(() -> conversations.change(ADA, "conv_1", 1, now -> now))
        .satisfies(stale -> assertThat(stale.current().title()).isEqualTo("Of whales"));
    assertThatExceptionOfType(StaleVersionException.class)
        .isThrownBy(
            () ->
                conversations.change(
                    ADA,
                    "conv_1",
                    2,
                    now -> {
                      conversations.change(ADA, "conv_1", 2, same -> same);
                      return now.withTexts("Lost", null);
                    }));
    assertThat(conversations.get(ADA, "conv_1").title()).isEqualTo("Of whales");
  }

  @Test
  void whatAnEarlierVersionStoredIsReadableAndSealedAtTheStart() {
    for (int i = 0; i < 450; i++) {
      String id = "conv_%03d".formatted(i);
      create(ADA, id, null, null);
      store(id, "Whale " + i, i % 2 == 0 ? "Whale prompt" : null);
    }
    assertThat(conversations.get(ADA, "conv_007").title()).isEqualTo("Whale 7");
    TextSealing sealing = new TextSealing(database, cipher);
    assertThat(sealing.run()).isEqualTo(450);
    assertThat(stored()).doesNotContain("Whale");
    assertThat(conversations.get(ADA, "conv_007").title()).isEqualTo("Whale 7");
    assertThat(conversations.get(ADA, "conv_008").system()).isEqualTo("Whale prompt");
    assertThat(sealing.run()).isZero();
  }

  @Test
  void whatAnEarlierVersionStoredIsSealedByTheFirstWriteToo() {
    create(ADA, "conv_1", null, null);
    store("conv_1", "About whales", "Speak like whales do");
    conversations.change(ADA, "conv_1", 1, now -> now.withTexts("Of whales", "Whales"));
    assertThat(stored()).doesNotContainIgnoringCase("whales");
    assertThat(conversations.get(ADA, "conv_1").title()).isEqualTo("Of whales");
  }

  @Test
  void ofSomebodyWhoIsErasedNothingCanBeReadAndNothingIsSealedAnew() {
    create(ADA, "conv_1", "About whales", null);
    create(ADA, "conv_2", null, null);
    store("conv_2", "About whales", "Whales");
    new UserErasures(database, time).request(ADA.userId());
    keys.erase(ADA.userId());
    assertThatExceptionOfType(ParleyException.class)
        .isThrownBy(() -> conversations.get(ADA, "conv_1"));
    new TextSealing(database, cipher).run();
    assertThat(stored()).contains("conv_2").doesNotContainIgnoringCase("whales");
    List<String> seen = new ArrayList<>();
    new ConversationScan(database, cipher)
        .ofUser(ADA.userId(), found -> seen.add(found.id() + found.title()));
    assertThat(seen).containsExactly("conv_1null", "conv_2null");
  }

  @Test
  void aTitleOfAnotherRowOpensNowhereElse() {
    create(ADA, "conv_1", "About whales", null);
    create(ADA, "conv_2", "About ships", null);
    create(BOB, "conv_3", "About birds", null);
    database.write(
        handle ->
            handle.execute(
                "UPDATE chat_conversations SET title_sealed = (SELECT title_sealed FROM"
                    + " chat_conversations WHERE id = 'conv_1') WHERE id <> 'conv_1'"));
    assertThatExceptionOfType(ParleyException.class)
        .isThrownBy(() -> conversations.get(ADA, "conv_2"));
    assertThat(conversations.list(ADA, false, null, 10))
        .extracting(Conversation::title)
        .containsExactlyInAnyOrder("About whales", null);
    assertThat(conversations.list(BOB, false, null, 10))
        .extracting(Conversation::title)
        .containsExactly((String) null);
  }
}
