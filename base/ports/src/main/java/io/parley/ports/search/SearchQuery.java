package io.parley.ports.search;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What somebody looks for in what is theirs. Immutable.
 *
 * @param owner nothing of anybody else is found, whatever is asked for
 * @param wanted an entry must have all of them; empty finds nothing
 * @param labels an entry must have all of them
 * @param from the earliest time
 * @param before the time before which entries must be
 * @param limit entries of a page, 1 to {@link SearchIndex#MAX_PAGE}
 * @param cursor where the page before ended
 */
public record SearchQuery(
    String owner,
    List<Wanted> wanted,
    Map<String, String> labels,
    Optional<Instant> from,
    Optional<Instant> before,
    int limit,
    Optional<String> cursor) {
  public SearchQuery {
    SearchIndex.checkName(owner);
    if (limit < 1 || limit > SearchIndex.MAX_PAGE) {
      throw new IllegalArgumentException(
          "a page has 1 to %d entries, not %d".formatted(SearchIndex.MAX_PAGE, limit));
    }
    wanted = List.copyOf(wanted);
    labels = Map.copyOf(labels);
  }

  /**
   * A word of the query: an entry has it as a term, or as a prefix, which counts less.
   *
   * @param prefix empty if only the whole term counts
   */
  public record Wanted(String term, Optional<String> prefix) {}
}
