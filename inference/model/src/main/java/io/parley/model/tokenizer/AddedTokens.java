package io.parley.model.tokenizer;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/** The special and the added tokens of a vocabulary, and where a text has them. Immutable. */
final class AddedTokens {
  private final Map<String, Integer> specialIds;
  private final SpellingTrie special;
  private final SpellingTrie added;

  /**
   * @throws IllegalArgumentException if two tokens have one spelling
   */
  AddedTokens(List<String> tokens, Set<Integer> specialTokens, Set<Integer> addedTokens) {
    this.specialIds = Collections.unmodifiableMap(bySpelling(tokens, specialTokens));
    this.special = new SpellingTrie(specialIds);
    this.added = new SpellingTrie(bySpelling(tokens, addedTokens));
  }

  private static Map<String, Integer> bySpelling(List<String> tokens, Set<Integer> ids) {
    Map<String, Integer> out = new LinkedHashMap<>();
    ids.stream()
        .sorted()
        .forEach(
            id -> {
              if (out.put(tokens.get(id), id) != null) {
                throw new IllegalArgumentException(
                    "token \"%s\" occurs twice".formatted(tokens.get(id)));
              }
            });
    return out;
  }

  Map<String, Integer> specialIds() {
    return specialIds;
  }

  /** Cuts a text at added tokens. */
  void splitPlain(String text, SpellingTrie.Sections out) {
    added.split(text, UnaryOperator.identity(), out);
  }

  /** Cuts a text at special tokens, and what is between them at added ones. */
  void splitAll(String text, UnaryOperator<String> cleaning, SpellingTrie.Sections out) {
    special.split(
        text,
        cleaning,
        new SpellingTrie.Sections() {
          @Override
          public void text(String section) {
            splitPlain(section, out);
          }

          @Override
          public void token(int id) {
            out.token(id);
          }
        });
  }
}
