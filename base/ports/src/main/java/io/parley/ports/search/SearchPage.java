package io.parley.ports.search;

import java.util.List;
import java.util.Optional;

/**
 * What was found, best first; between equals the newest first.
 *
 * @param next the cursor of the next page; empty if this is the last
 */
public record SearchPage(List<Hit> hits, Optional<String> next) {
  public SearchPage {
    hits = List.copyOf(hits);
  }

  /** An entry that was found. */
  public record Hit(String id, String group) {}
}
