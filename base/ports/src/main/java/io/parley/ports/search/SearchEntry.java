package io.parley.ports.search;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Something that can be found. Immutable.
 *
 * <p>The index sees terms and no text: it compares them and counts them, and nothing else. So they
 * may be words, or words that were made unreadable before.
 *
 * @param owner whose it is; 1 to {@link SearchIndex#MAX_ID_CHARS} characters, no control characters
 * @param id unique for this owner; the same limits
 * @param group what is removed together, such as a conversation; the same limits
 * @param labels exact values to filter by, such as {@code role=user}
 * @param time to filter by and, between equals, to rank by; in milliseconds
 * @param terms what it says, each as often as it occurs; at most {@link SearchIndex#MAX_TERMS}
 * @param prefixes what it is also found by, if ranked lower: beginnings of its words
 */
public record SearchEntry(
    String owner,
    String id,
    String group,
    Map<String, String> labels,
    Instant time,
    List<String> terms,
    Set<String> prefixes) {
  public SearchEntry {
    for (String name : List.of(owner, id, group)) {
      SearchIndex.checkName(name);
    }
    if (terms.size() > SearchIndex.MAX_TERMS) {
      throw new IllegalArgumentException(
          "an entry has at most %d terms, and this one %d"
              .formatted(SearchIndex.MAX_TERMS, terms.size()));
    }
    labels = Map.copyOf(labels);
    terms = List.copyOf(terms);
    prefixes = Set.copyOf(prefixes);
  }
}
