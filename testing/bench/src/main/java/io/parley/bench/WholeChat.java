package io.parley.bench;

import io.parley.chat.ChatLimits;
import io.parley.chat.encryption.MasterKeys;
import io.parley.chat.http.ChatAccounts;
import io.parley.chat.http.ChatArchive;
import io.parley.chat.http.ChatHttp;
import io.parley.chat.http.ChatRoute;
import io.parley.chat.http.ChatService;
import io.parley.chat.notifications.NotificationSettings;
import io.parley.chat.quota.MessageQuota;
import io.parley.chat.retention.RetentionPolicy;
import io.parley.chat.users.AccountSettings;
import io.parley.chat.users.Organisation;
import io.parley.chat.users.PasswordCost;
import io.parley.chat.users.SignedIn;
import io.parley.common.TimeSource;
import io.parley.common.Ulid;
import io.parley.embedded.DirectoryObjectStore;
import io.parley.embedded.InProcessEphemeralStore;
import io.parley.embedded.rocks.RocksStores;
import io.parley.embedded.search.LuceneSearchIndex;
import io.parley.gateway.http.Mount;
import io.parley.ports.data.Database;
import io.parley.ports.messages.MessagesApi;
import io.parley.ports.model.ModelPool;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;

/** All of chat, with its own stores in a directory: bodies are sealed, everything is indexed. */
final class WholeChat implements AutoCloseable {
  private static final int STORED_VALUES = 100_000;
  private static final int USERS_OF_ADDRESS = 50;

  private final Outside outside;
  private final RocksStores stores;
  private final LuceneSearchIndex index;
  private final ChatAccounts accounts;
  private final ChatService service;
  private final ChatArchive archive;
  private final ChatHttp http;
  private int users;

  /**
   * What chat needs of the gateway's side.
   *
   * @param maxAnswerTokens of every answer
   */
  record Outside(
      Database database,
      Path directory,
      MessagesApi messages,
      ModelPool models,
      String organisation,
      int maxAnswerTokens,
      TimeSource time,
      SecureRandom random,
      ExecutorService threads) {}

  WholeChat(Outside outside) {
    this.outside = outside;
    stores = RocksStores.open(outside.directory.resolve("stores"), outside.time);
    index = LuceneSearchIndex.open(outside.directory.resolve("search"));
    accounts = accounts();
    service = service();
    archive =
        new ChatArchive(
            new ChatArchive.Outside(
                outside.database,
                stores.eventLog(),
                index,
                new RetentionPolicy(0, Map.of()),
                outside.time,
                outside.random),
            accounts,
            service);
    service.start();
    archive.start();
    List<ChatRoute> routes = new ArrayList<>(service.routes());
    routes.addAll(archive.routes());
    http =
        new ChatHttp(routes, accounts.sessions(), outside.threads, outside.time, service.limits());
  }

  private ChatAccounts accounts() {
    return new ChatAccounts(
        new ChatAccounts.Outside(
            outside.database,
            new InProcessEphemeralStore(outside.time, STORED_VALUES),
            MasterKeys.ofFileOrNew(outside.directory.resolve("chat-keys"), outside.random),
            new Organisation(outside.organisation, "bench"),
            AccountSettings.DEFAULTS,
            PasswordCost.DEFAULT,
            List.of(),
            MessageQuota.NO_LIMIT,
            NotificationSettings.NONE,
            outside.time,
            outside.random));
  }

  private ChatService service() {
    return new ChatService(
        new ChatService.Outside(
            outside.database,
            stores.messageStore(),
            stores.eventLog(),
            stores.streamBuffers(),
            new DirectoryObjectStore(outside.directory.resolve("objects")),
            outside.messages,
            outside.models,
            PacedModelPool.MODEL,
            accounts.cipher(),
            outside.time,
            new Ulid(outside.time, outside.random),
            outside.threads,
            limits(ChatLimits.DEFAULTS, outside.maxAnswerTokens)));
  }

  /** The usual ones, but for the streams of one user, which are all viewers' here. */
  private static ChatLimits limits(ChatLimits usual, int maxAnswerTokens) {
    return new ChatLimits(
        usual.maxTitleChars(),
        usual.maxSystemChars(),
        usual.maxTextChars(),
        usual.maxBlocks(),
        usual.maxImages(),
        usual.maxClientIdChars(),
        usual.maxConversations(),
        usual.maxRunningAnswers(),
        usual.maxPage(),
        usual.maxImageBytes(),
        usual.maxImagePixels(),
        usual.maxImageBytesOfUser(),
        maxAnswerTokens,
        usual.titleTokens(),
        usual.maxStreams(),
        usual.maxStreams(),
        usual.maxDeltaBytes(),
        usual.streamKept(),
        usual.streamAlive(),
        usual.sendsKept(),
        usual.eventsKept(),
        usual.keepAlive(),
        usual.stalled());
  }

  Mount mount() {
    return new Mount("chat", ChatHttp::takes, http::on, http::drain);
  }

  /** Somebody new, signed in. Not thread-safe. */
  SignedIn user() {
    int number = users++;
    String address = "10.0.%d.%d".formatted(number / USERS_OF_ADDRESS, 1);
    return accounts.accounts().guest(Optional.empty(), address);
  }

  ChatHistory history() {
    return new ChatHistory(
        outside.database,
        stores.messageStore(),
        service.conversations(),
        accounts.cipher(),
        outside.organisation);
  }

  /** Builds the search index of what is stored; how many entries it has. */
  long rebuildIndex() {
    return archive.rebuildIndex();
  }

  @Override
  public void close() {
    archive.close();
    accounts.close();
    index.close();
    stores.close();
  }
}
