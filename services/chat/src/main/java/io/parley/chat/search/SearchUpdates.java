package io.parley.chat.search;

import io.parley.chat.encryption.UserKey;
import io.parley.chat.encryption.UserKeys;
import io.parley.ports.search.SearchEntry;
import io.parley.ports.search.SearchIndex;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Keeps the index in step with the conversations. What is told here counts for every search that
 * begins after the method has returned; telling it twice does no harm. Thread-safe; blocks.
 */
public final class SearchUpdates {
  /** Entries that go to the index together when it is built. */
  private static final int BATCH = 500;

  private final SearchIndex index;
  private final UserKeys keys;
  private final SearchSource source;

  public SearchUpdates(SearchIndex index, UserKeys keys, SearchSource source) {
    this.index = index;
    this.keys = keys;
    this.source = source;
  }

  /** A message is new, or anything of it is. */
  public void messageChanged(String userId, String conversationId, String messageId) {
    var found = source.message(userId, conversationId, messageId);
    found
        .flatMap(SearchSource.Found::message)
        .ifPresentOrElse(this::put, () -> index.remove(userId, messageId));
    found.flatMap(SearchSource.Found::refused).ifPresent(refused -> index.remove(userId, refused));
  }

  /** A conversation may have another title. */
  public void titleChanged(String userId, String conversationId) {
    source
        .title(userId, conversationId)
        .ifPresentOrElse(
            this::put, () -> index.remove(userId, Searchable.Title.idOf(conversationId)));
  }

  public void conversationRemoved(String userId, String conversationId) {
    index.removeGroup(userId, conversationId);
  }

  public void userRemoved(String userId) {
    index.removeOwner(userId);
  }

  /**
   * Builds the index anew. What is not read yet is not found meanwhile.
   *
   * @return how many entries it has then
   */
  public long rebuild() {
    index.clear();
    List<SearchEntry> batch = new ArrayList<>();
    AtomicLong sum = new AtomicLong();
    source.all(
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

  private void put(Searchable one) {
    index.put(List.of(entry(one)));
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
