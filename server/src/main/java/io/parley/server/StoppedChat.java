package io.parley.server;

import io.parley.chat.ChatLimits;
import io.parley.chat.answers.AnswerTexts;
import io.parley.chat.answers.History;
import io.parley.chat.conversations.AnswerStore;
import io.parley.chat.conversations.ConversationScan;
import io.parley.chat.conversations.ConversationStore;
import io.parley.chat.conversations.MessageCodec;
import io.parley.chat.conversations.MessageLog;
import io.parley.chat.encryption.EncryptedBodies;
import io.parley.chat.encryption.MasterKeys;
import io.parley.chat.encryption.UserKeys;
import io.parley.chat.search.SearchFeed;
import io.parley.chat.search.SearchUpdates;
import io.parley.chat.search.StoredConversations;
import io.parley.chat.sync.UserEvents;
import io.parley.common.TimeSource;
import io.parley.common.Ulid;
import io.parley.embedded.SqliteDatabase;
import io.parley.embedded.rocks.RocksStores;
import io.parley.embedded.search.LuceneSearchIndex;
import io.parley.ports.search.SearchIndex;
import java.security.SecureRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The chats of a server that is stopped, for what has to be done to all of them. Has the data
 * directory for itself while it is open.
 */
public final class StoppedChat implements AutoCloseable {
  private static final int DATABASE_READERS = 2;

  private final DataDirectory directory;
  private final ConfiguredChat config;
  private final SecureRandom random = new SecureRandom();
  private final TimeSource time;
  private final SqliteDatabase database;

  /**
   * Opens a data directory.
   *
   * @throws io.parley.common.ParleyException CONFLICT if a server is using it
   */
  public StoppedChat(ConfiguredChat config, TimeSource time) {
    this.config = config;
    this.time = time;
    this.directory = DataDirectory.open(config.data());
    this.database = SqliteDatabase.open(directory.database(), DATABASE_READERS);
  }

  /**
   * Builds the search index anew from the conversations.
   *
   * @return how many messages and titles it has then
   */
  public long reindex() {
    try (RocksStores stores = RocksStores.open(directory.stores(), time);
        SearchIndex index = LuceneSearchIndex.open(directory.searchIndex());
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      return reindex(stores, index, threads);
    }
  }

  private long reindex(RocksStores stores, SearchIndex index, ExecutorService threads) {
    ChatLimits limits = ChatLimits.DEFAULTS;
    UserKeys keys = new UserKeys(database, config.keys(random), time, random);
    EncryptedBodies cipher = new EncryptedBodies(keys, random);
    UserEvents events =
        new UserEvents(database, stores.eventLog(), new Ulid(time, random), threads);
    ConversationStore conversations = new ConversationStore(database, events, cipher, time, limits);
    History history =
        new History(
            new AnswerStore(database, events, conversations, limits),
            new MessageLog(stores.messageStore(), conversations, new MessageCodec(cipher)),
            new AnswerTexts(stores.streamBuffers(), cipher, limits));
    StoredConversations stored =
        new StoredConversations(conversations, new ConversationScan(database, cipher), history);
    SearchUpdates updates = new SearchUpdates(index, keys, stored);
    try (SearchFeed feed = new SearchFeed(stores.eventLog(), index, updates, time)) {
      return feed.rebuildNow();
    }
  }

  /**
   * Wraps the keys of users by a new master key: one that is added to the file of keys, or the last
   * of those in the settings.
   *
   * @return how many were wrapped
   */
  public int rotateKey() {
    MasterKeys newer = config.rotatedKeys(random);
    return new UserKeys(database, newer, time, random).rotate(newer);
  }

  @Override
  public void close() {
    database.close();
    directory.close();
  }
}
