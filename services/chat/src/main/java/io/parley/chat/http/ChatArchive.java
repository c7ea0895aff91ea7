package io.parley.chat.http;

import io.parley.chat.answers.AllMessages;
import io.parley.chat.answers.ConversationRemoval;
import io.parley.chat.conversations.ConversationScan;
import io.parley.chat.erasure.AccountErasure;
import io.parley.chat.retention.Retention;
import io.parley.chat.retention.RetentionPolicy;
import io.parley.chat.search.ConversationSearch;
import io.parley.chat.search.SearchFeed;
import io.parley.chat.search.SearchUpdates;
import io.parley.chat.search.StoredConversations;
import io.parley.chat.sharing.Shares;
import io.parley.common.TimeSource;
import io.parley.ports.data.Database;
import io.parley.ports.log.EventLog;
import io.parley.ports.search.SearchIndex;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;

/**
 * What happens to conversations besides being had: they are found, shared, exported and forgotten.
 * Put together from its ports, around the core and the accounts. Thread-safe. {@link #start} comes
 * first; {@link #upkeep} is to be called now and then; closing it leaves the index open.
 */
public final class ChatArchive implements AutoCloseable {
  private final ChatAccounts accounts;
  private final SearchFeed feed;
  private final AccountErasure erasure;
  private final RetentionPolicy policy;
  private final Retention retention;
  private final SearchRoutes search;
  private final SharingRoutes sharing;

  /** What it needs of the outside. */
  public record Outside(
      Database database,
      EventLog eventLog,
      SearchIndex searchIndex,
      RetentionPolicy retention,
      TimeSource time,
      SecureRandom random) {}

  public ChatArchive(Outside outside, ChatAccounts accounts, ChatService chat) {
    this.accounts = accounts;
    ConversationScan scan = new ConversationScan(outside.database, accounts.cipher());
    StoredConversations stored =
        new StoredConversations(chat.conversations(), scan, chat.history());
    SearchUpdates updates = new SearchUpdates(outside.searchIndex, accounts.keys(), stored);
    feed = new SearchFeed(outside.eventLog, outside.searchIndex, updates, outside.time);
    Shares shares =
        new Shares(
            outside.database,
            chat.events(),
            chat.conversations(),
            chat.history(),
            chat.images(),
            outside.time,
            outside.random);
    ConversationRemoval removal = new ConversationRemoval(chat.answers().deletions());
    policy = outside.retention;
    retention = new Retention(scan, removal, policy, outside.time);
    erasure =
        new AccountErasure(
            accounts.erasures(),
            accounts.keys(),
            shares,
            scan,
            removal,
            chat.images(),
            updates,
            chat.threads());
    search = new SearchRoutes(new ConversationSearch(outside.searchIndex, accounts.keys(), stored));
    sharing = new SharingRoutes(shares, chat.conversations(), new AllMessages(chat.history()));
    chat.answers().beforeEach(user -> accounts.quota().take(user.userId()));
  }

  /** Begins to feed the index, and goes on with erasures that were broken off. */
  public void start() {
    feed.start();
    erasure.resume();
  }

  /** The routes of accounts, search, sharing and export. */
  public List<ChatRoute> routes() {
    List<ChatRoute> all = new ArrayList<>(accounts.routes(policy, erasure::begin));
    all.addAll(search.routes());
    all.addAll(sharing.routes());
    return all;
  }

  /** Removes what is past its time, and goes on with erasures that failed. */
  public void upkeep() {
    accounts.upkeep();
    retention.sweep();
    erasure.resume();
  }

  /**
   * Builds the search index anew.
   *
   * @return how many entries it has then
   */
  public long rebuildIndex() {
    return feed.rebuildNow();
  }

  @Override
  public void close() {
    feed.close();
  }
}
