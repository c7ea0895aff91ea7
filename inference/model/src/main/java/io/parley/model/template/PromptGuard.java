package io.parley.model.template;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Keeps user text from spelling special tokens: a guard character is put inside each place that
 * does, before the text goes through a template, and is dropped again from the plain text that
 * comes out. The guard is a Unicode noncharacter, U+FDD0 to U+FDEF, that the conversation does not
 * use.
 *
 * <p>Guarded are all spellings in upper or lower case, overlapping ones too, and the edges of a
 * text where the template could complete one. Immutable and thread-safe.
 */
final class PromptGuard {
  private static final char FIRST = '\ufdd0';
  private static final char LAST = '\ufdef';

  private final List<String> spellings;
  private final BitSet firstCharacters = new BitSet();

  /**
   * @param spellings of the special tokens
   * @throws IllegalArgumentException if one is a single character, where no guard fits inside
   */
  PromptGuard(Set<String> spellings) {
    this.spellings = List.copyOf(spellings);
    for (String spelling : spellings) {
      if (spelling.codePointCount(0, spelling.length()) < 2) {
        throw new IllegalArgumentException(
            "special token \"%s\" is one character, which text cannot be kept from spelling"
                .formatted(spelling));
      }
      firstCharacters.set(Character.toLowerCase(spelling.charAt(0)));
      firstCharacters.set(Character.toUpperCase(spelling.charAt(0)));
    }
  }

  /** A guard that none of the texts contains; empty if they contain them all. */
  static OptionalInt choose(List<String> texts) {
    for (char guard = FIRST; guard <= LAST; guard++) {
      char candidate = guard;
      if (texts.stream().noneMatch(text -> text.indexOf(candidate) >= 0)) {
        return OptionalInt.of(guard);
      }
    }
    return OptionalInt.empty();
  }

  /** The text with the guard inside everything that spells a special token or could begin to. */
  String guard(String text, char guard) {
    List<Integer> places = places(text);
    if (places.isEmpty()) {
      return text;
    }
    StringBuilder out = new StringBuilder(text.length() + places.size());
    int end = 0;
    for (int place : places) {
      out.append(text, end, place).append(guard);
      end = place;
    }
    return out.append(text, end, text.length()).toString();
  }

  /** Where guards belong, ascending. */
  private List<Integer> places(String text) {
    List<Integer> places = new ArrayList<>();
    if (spellings.stream().anyMatch(s -> isInside(text, s) || beginsWithEnd(text, s))) {
      places.add(0);
    }
    for (int at = firstCharacters.isEmpty() ? text.length() : 0; at < text.length(); at++) {
      if (firstCharacters.get(text.charAt(at)) && spellsAt(text, at)) {
        places.add(at + Character.charCount(text.codePointAt(at)));
      }
    }
    if (spellings.stream().anyMatch(s -> endsWithBeginning(text, s))) {
      places.add(text.length());
    }
    return places;
  }

  private boolean spellsAt(String text, int at) {
    return spellings.stream().anyMatch(s -> matches(text, at, s, 0, s.length()));
  }

  private static boolean isInside(String text, String spelling) {
    if (text.isEmpty() || text.length() >= spelling.length()) {
      return false;
    }
    for (int at = 0; at + text.length() <= spelling.length(); at++) {
      if (matches(text, 0, spelling, at, text.length())) {
        return true;
      }
    }
    return false;
  }

  private static boolean beginsWithEnd(String text, String spelling) {
    for (int length = 1; length < Math.min(spelling.length(), text.length() + 1); length++) {
      if (matches(text, 0, spelling, spelling.length() - length, length)) {
        return true;
      }
    }
    return false;
  }

  private static boolean endsWithBeginning(String text, String spelling) {
    for (int length = 1; length < Math.min(spelling.length(), text.length() + 1); length++) {
      if (matches(text, text.length() - length, spelling, 0, length)) {
        return true;
      }
    }
    return false;
  }

  private static boolean matches(String text, int at, String spelling, int from, int length) {
    return text.regionMatches(true, at, spelling, from, length);
  }
}
