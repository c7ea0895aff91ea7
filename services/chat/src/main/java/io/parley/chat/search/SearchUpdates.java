package io.parley.chat.search;

import io.parley.chat.encryption.UserKey;
import io.parley.chat.encryption.UserKeys;
import io.parley.common.TimeSource;
import io.parley.ports.search.SearchEntry;
import io.parley.ports.search.SearchIndex;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Keeps the index in step with the conversations. Thread-safe; blocks.
 *
 * <p>What is told here can be found when the method has returned. The index commits now and then,
 * with the time up to which it was complete; after a crash {@link #catchUp} reads again what
 * happened since then. Repeating does no harm, so that nothing depends on being told exactly once.
 */
public final class SearchUpdates {
  /** How much earlier than the last commit is read again: for what was under way meanwhile. */
  static final Duration OVERLAP = Duration.ofMinutes(5);

  /** Entries that go to the index together when it is built. */
  private static final int BATCH = 500;

  private final SearchIndex index;
  private final UserKeys keys;
  private final TimeSource time;

  public SearchUpdates(SearchIndex index, UserKeys keys, TimeSource time) {
    this.index = index;
    this.keys = keys;
    this.time = time;
  }

  /** Makes it findable, in place of what it said before. */
  public void put(Searchable one) {
    index.put(List.of(entry(one)));
  }

  /** A message is not to be found any more, because it is gone or was refused. */
  public void removeMessage(String userId, String messageId) {
    index.remove(userId, messageId);
  }

  /** A conversation lost its title. */
  public void removeTitle(String userId, String conversationId) {
    index.remove(userId, Searchable.Title.idOf(conversationId));
  }

  public void removeConversation(String userId, String conversationId) {
    index.removeGroup(userId, conversationId);
  }

  public void removeUser(String userId) {
    index.removeOwner(userId);
  }

  /** Makes what is in the index survive a crash; to be called every minute or so. */
  public void commit() {
    index.commit(Long.toString(time.now().toEpochMilli()));
  }

  /**
   * Adds what happened since the last commit, or everything if there was none.
   *
   * @return how many entries were added or replaced
   */
  public long catchUp(SearchSource source) {
    Instant since =
        index
            .checkpoint()
            .map(text -> Instant.ofEpochMilli(Long.parseLong(text)).minus(OVERLAP))
            .orElse(Instant.EPOCH);
    Instant began = time.now();
    long added = read(source, since);
    index.commit(Long.toString(began.toEpochMilli()));
    return added;
  }

  /** Builds the index anew. What is not read yet is not found meanwhile. */
  public long rebuild(SearchSource source) {
    index.clear();
    return catchUp(source);
  }

  private long read(SearchSource source, Instant since) {
    List<SearchEntry> batch = new ArrayList<>();
    AtomicLong sum = new AtomicLong();
    source.activeSince(
        since,
        one -> {
          batch.add(entry(one));
          sum.incrementAndGet();
          if (batch.size() == BATCH) {
            index.put(batch);
            batch.clear();
          }
        });
    index.put(batch);
    return sum.get();
  }

  private SearchEntry entry(Searchable one) {
    UserKey key = keys.findOrMake(one.userId());
    BlindedText text = BlindedText.of(one.text(), key.blinding());
    return new SearchEntry(
        one.userId(),
        one.id(),
        one.conversationId(),
        one.labels(),
        one.at(),
        text.terms(),
        text.prefixes());
  }
}
