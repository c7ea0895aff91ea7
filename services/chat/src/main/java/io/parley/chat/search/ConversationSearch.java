package io.parley.chat.search;

import io.parley.chat.encryption.Blinding;
import io.parley.chat.encryption.UserKey;
import io.parley.chat.encryption.UserKeys;
import io.parley.ports.search.SearchIndex;
import io.parley.ports.search.SearchPage;
import io.parley.ports.search.SearchQuery;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds a user's messages and titles. Thread-safe; blocks.
 *
 * <p>A hit of the index counts only if the conversations still have it for this user and it still
 * says what is looked for; what was removed or changed a moment ago is left out.
 */
public final class ConversationSearch {
  private final SearchIndex index;
  private final UserKeys keys;
  private final SearchSource source;

  public ConversationSearch(SearchIndex index, UserKeys keys, SearchSource source) {
    this.index = index;
    this.keys = keys;
    this.source = source;
  }

  /**
   * A page of results.
   *
   * @throws io.parley.common.ParleyException INVALID_REQUEST if something in it cannot be looked
   *     for
   */
  public SearchResults search(String userId, SearchRequest request) {
    List<Word> words = request.words();
    Optional<UserKey> key = keys.find(userId);
    if (words.isEmpty() || key.isEmpty()) {
      return new SearchResults(List.of(), Optional.empty());
    }
    SearchPage page = index.search(query(userId, request, words, key.get().blinding()));
    Map<String, Optional<String>> titles = new HashMap<>();
    List<SearchResults.Result> results =
        page.hits().stream()
            .flatMap(hit -> found(userId, hit).stream())
            .filter(found -> says(found.text(), words))
            .map(found -> result(found, words, titles))
            .toList();
    return new SearchResults(results, page.next());
  }

  private static SearchQuery query(
      String userId, SearchRequest request, List<Word> words, Blinding blinding) {
    Map<String, String> labels = new HashMap<>();
    request.role().ifPresent(role -> labels.put("role", role));
    request.model().ifPresent(model -> labels.put("model", model));
    return new SearchQuery(
        userId,
        words.stream().map(word -> BlindedText.wanted(word, blinding)).toList(),
        labels,
        request.from(),
        request.before(),
        request.limit(),
        request.cursor());
  }

  private Optional<? extends Searchable> found(String userId, SearchPage.Hit hit) {
    return Searchable.Title.isTitle(hit.id())
        ? source.title(userId, hit.group())
        : source.message(userId, hit.group(), hit.id()).flatMap(SearchSource.Found::message);
  }

  private static boolean says(String text, List<Word> wanted) {
    List<Word> words = Words.of(text, SearchIndex.MAX_TERMS);
    return wanted.stream().allMatch(word -> words.stream().anyMatch(word::finds));
  }

  private SearchResults.Result result(
      Searchable found, List<Word> words, Map<String, Optional<String>> titles) {
    Optional<String> title =
        titles.computeIfAbsent(
            found.conversationId(),
            id -> source.title(found.userId(), id).map(Searchable.Title::text));
    return new SearchResults.Result(found, title, Snippet.of(found.text(), words));
  }
}
