package io.parley.chat.search;

import io.parley.chat.encryption.Blinding;
import io.parley.ports.search.SearchIndex;
import io.parley.ports.search.SearchQuery.Wanted;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A text as the index gets it.
 *
 * @param terms its words, blinded
 * @param prefixes beginnings of its words, blinded in another way, so that the two cannot be told
 *     to belong together by what they are
 */
record BlindedText(List<String> terms, Set<String> prefixes) {
  private static final String WHOLE = "w ";
  private static final String BEGINNING = "b ";

  /** Words beyond the index's limit are left out; {@code text} is then found by its beginning. */
  static BlindedText of(String text, Blinding blinding) {
    Map<String, String> known = new HashMap<>();
    Set<String> prefixes = new HashSet<>();
    List<String> terms = new ArrayList<>();
    for (Word word : Words.of(text, SearchIndex.MAX_TERMS)) {
      String term = known.get(word.folded());
      if (term == null) {
        term = blinding.blind(WHOLE + word.folded());
        known.put(word.folded(), term);
        addPrefixes(word.folded(), blinding, prefixes);
      }
      terms.add(term);
    }
    return new BlindedText(terms, prefixes);
  }

  private static void addPrefixes(String word, Blinding blinding, Set<String> prefixes) {
    int longest = Math.min(word.length() - 1, Word.MAX_PREFIX_CHARS);
    for (int length = Word.MIN_PREFIX_CHARS; length <= longest; length++) {
      prefixes.add(blinding.blind(BEGINNING + word.substring(0, length)));
    }
  }

  /** A word of a query, to be found as itself or as the beginning of another. */
  static Wanted wanted(Word word, Blinding blinding) {
    return new Wanted(
        blinding.blind(WHOLE + word.folded()),
        word.isPrefix()
            ? Optional.of(blinding.blind(BEGINNING + word.folded()))
            : Optional.empty());
  }
}
