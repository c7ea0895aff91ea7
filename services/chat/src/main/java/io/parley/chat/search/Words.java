package io.parley.chat.search;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Cuts text into words: runs of letters, digits and marks. Scripts that are written without blanks
 * (Chinese, Japanese, Thai) give a word for each character. Everything else separates, so the parts
 * of {@code example.com} and {@code snake_case} are found alone.
 */
final class Words {
  /** A longer run is no word that anybody types, but data; only its beginning counts. */
  static final int MAX_WORD_CHARS = 64;

  private Words() {}

  /** The words of a text in order, at most so many. */
  static List<Word> of(String text, int most) {
    List<Word> words = new ArrayList<>();
    int at = 0;
    while (at < text.length() && words.size() < most) {
      int character = text.codePointAt(at);
      int next = at + Character.charCount(character);
      if (standsAlone(character)) {
        words.add(word(text, at, next));
      } else if (belongsToWord(character)) {
        next = endOfRun(text, next);
        words.add(word(text, at, next));
      }
      at = next;
    }
    return words;
  }

  private static int endOfRun(String text, int from) {
    int at = from;
    while (at < text.length()) {
      int character = text.codePointAt(at);
      if (!belongsToWord(character) || standsAlone(character)) {
        break;
      }
      at += Character.charCount(character);
    }
    return at;
  }

  private static boolean belongsToWord(int character) {
    int type = Character.getType(character);
    return Character.isLetterOrDigit(character)
        || type == Character.NON_SPACING_MARK
        || type == Character.COMBINING_SPACING_MARK;
  }

  private static boolean standsAlone(int character) {
    if (character < 0x0E00) {
      return false;
    }
    if (!Character.isLetter(character)) {
      return false;
    }
    return switch (Character.UnicodeScript.of(character)) {
      case HAN, HIRAGANA, KATAKANA, THAI, LAO, KHMER, MYANMAR -> true;
      default -> false;
    };
  }

  private static Word word(String text, int start, int end) {
    int kept = Math.min(end, start + MAX_WORD_CHARS);
    return new Word(folded(text.substring(start, kept)), start, end);
  }

  /** Compatibility forms made one, accents dropped, in small letters. */
  static String folded(String word) {
    if (isPlain(word)) {
      return word;
    }
    String apart = Normalizer.normalize(word, Normalizer.Form.NFKD);
    StringBuilder letters = new StringBuilder(apart.length());
    apart
        .codePoints()
        .filter(c -> Character.getType(c) != Character.NON_SPACING_MARK)
        .forEach(letters::appendCodePoint);
    return letters.toString().toLowerCase(Locale.ROOT).replace("ß", "ss");
  }

  private static boolean isPlain(String word) {
    return word.chars().allMatch(c -> (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'));
  }
}
