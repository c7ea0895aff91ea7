package io.parley.chat.search;

import io.parley.common.ParleyException;
import io.parley.ports.search.SearchIndex;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What somebody looks for.
 *
 * @param text words, all of which must be there; each is also found as the beginning of a longer
 *     one
 * @param from the earliest time
 * @param before the time before which it was said
 * @param role {@code user} or {@code assistant}; titles are left out then
 * @param model that answered
 */
public record SearchRequest(
    String text,
    Optional<Instant> from,
    Optional<Instant> before,
    Optional<String> role,
    Optional<String> model,
    int limit,
    Optional<String> cursor) {
  /** Characters of a query; more are refused. */
  public static final int MAX_TEXT_CHARS = 500;

  /** Words of a query; more are refused. */
  public static final int MAX_WORDS = 16;

  private static final List<String> ROLES = List.of("user", "assistant");

  public SearchRequest {
    if (text.isBlank() || text.length() > MAX_TEXT_CHARS) {
      throw ParleyException.invalid("q: must have 1 to %d characters".formatted(MAX_TEXT_CHARS));
    }
    if (role.isPresent() && !ROLES.contains(role.get())) {
      throw ParleyException.invalid("role: must be \"user\" or \"assistant\"");
    }
    if (limit < 1 || limit > SearchIndex.MAX_PAGE) {
      throw ParleyException.invalid("limit: must be 1 to %d".formatted(SearchIndex.MAX_PAGE));
    }
  }

  List<Word> words() {
    List<Word> words = Words.of(text, MAX_WORDS + 1).stream().toList();
    if (words.size() > MAX_WORDS) {
      throw ParleyException.invalid("q: must have at most %d words".formatted(MAX_WORDS));
    }
    return words;
  }
}
