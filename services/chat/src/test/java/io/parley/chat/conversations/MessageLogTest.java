package io.parley.chat.conversations;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.chat.BodyCipher;
import io.parley.chat.ChatLimits;
import io.parley.chat.ChatUser;
import io.parley.chat.Inline;
import io.parley.chat.conversations.MessageLog.Place;
import io.parley.chat.sync.UserEvents;
import io.parley.common.Ulid;
import io.parley.embedded.SqliteDatabase;
import io.parley.embedded.rocks.RocksStores;
import io.parley.testkit.VirtualTime;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pages of a conversation that is in several buckets. */
class MessageLogTest {
  private static final ChatUser ADA = new ChatUser("org_1", "usr_ada", false);
  private static final int MESSAGES = 2 * ChatLimits.BUCKET_MESSAGES + 345;

  @TempDir Path directory;
  private final VirtualTime time = new VirtualTime();
  private SqliteDatabase database;
  private RocksStores stores;
  private MessageLog log;
  private Conversation conversation;

  @BeforeEach
  void fill() {
    database = SqliteDatabase.open(directory.resolve("chat.db"), 1);
    stores = RocksStores.open(directory.resolve("stores"), time);
    UserEvents events =
        new UserEvents(
            database, stores.eventLog(), new Ulid(time, new SecureRandom()), new Inline());
    ConversationStore conversations =
        new ConversationStore(database, events, BodyCipher.PLAIN, time, ChatLimits.DEFAULTS);
    log = new MessageLog(stores.messageStore(), conversations, new MessageCodec(BodyCipher.PLAIN));
    conversations.create(ADA, new ConversationStore.Fresh("conv_1", null, null, null));
    putAll();
    database.write(
        handle -> {
          for (int bucket = 0; bucket * ChatLimits.BUCKET_MESSAGES < MESSAGES; bucket++) {
            handle.execute(
                "INSERT INTO chat_buckets (conversation_id, bucket, first_id) VALUES (?, ?, ?)",
                "conv_1",
                bucket,
                id(bucket * ChatLimits.BUCKET_MESSAGES));
          }
          return handle.execute(
              "UPDATE chat_conversations SET messages = ?, last_id = ?",
              MESSAGES,
              id(MESSAGES - 1));
        });
    conversation = conversations.get(ADA, "conv_1");
  }

  /** Many at a time, since the store syncs them together. */
  private void putAll() {
    try (ExecutorService writers = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int number = 0; number < MESSAGES; number++) {
        int bucket = number / ChatLimits.BUCKET_MESSAGES;
        Message message = message(number);
        writers.execute(() -> log.put(ADA.userId(), bucket, message));
      }
    }
  }

  @AfterEach
  void close() {
    stores.close();
    database.close();
  }

  private static String id(int number) {
    return "cmsg_%026d".formatted(number);
  }

  private Message message(int number) {
    return new Message(
        id(number),
        "conv_1",
        null,
        Message.Role.USER,
        List.of(new Block.Text("message " + number)),
        null,
        Message.Status.COMPLETE,
        null,
        null,
        null,
        time.now(),
        null,
        false);
  }

  @Test
  void goesBackAcrossBucketsToTheFirst() {
    List<String> seen = new ArrayList<>();
    List<Message> page = log.page(conversation, new Place.Last(), 70);
    while (!page.isEmpty()) {
      seen.addAll(0, page.stream().map(Message::id).toList());
      page = log.page(conversation, new Place.Before(seen.getFirst()), 70);
    }
    assertThat(seen).hasSize(MESSAGES).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void goesForwardAcrossBucketsToTheLast() {
    List<String> seen = new ArrayList<>();
    List<Message> page = log.page(conversation, new Place.After("0"), 70);
    while (!page.isEmpty()) {
      seen.addAll(page.stream().map(Message::id).toList());
      page = log.page(conversation, new Place.After(seen.getLast()), 70);
    }
    assertThat(seen).hasSize(MESSAGES).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void findsAMessageOfAnyBucketByItsId() {
    for (int number : List.of(0, 999, 1_000, 1_999, 2_000, MESSAGES - 1)) {
      assertThat(log.get(conversation, id(number)))
          .map(Message::text)
          .hasValue("message " + number);
    }
    assertThat(log.get(conversation, id(MESSAGES))).isEmpty();
  }

  @Test
  void removesAllBuckets() {
    log.remove("conv_1", conversation.buckets());
    assertThat(log.page(conversation, new Place.Last(), 10)).isEmpty();
    assertThat(log.get(conversation, id(0))).isEmpty();
  }
}
