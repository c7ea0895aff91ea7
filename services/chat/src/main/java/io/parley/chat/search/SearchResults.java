package io.parley.chat.search;

import java.util.List;
import java.util.Optional;

/**
 * A page of what was found, best first.
 *
 * @param next the cursor of the next page; empty if this is the last
 */
public record SearchResults(List<Result> results, Optional<String> next) {
  public SearchResults {
    results = List.copyOf(results);
  }

  /**
   * A message or a title that was found.
   *
   * @param title of its conversation, if it has one
   */
  public record Result(Searchable found, Optional<String> title, Snippet snippet) {}
}
