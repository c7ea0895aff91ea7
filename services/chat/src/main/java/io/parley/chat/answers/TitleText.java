package io.parley.chat.answers;

import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Texts that can be titles. */
final class TitleText {
  private static final int MAX_WORDS = 8;
  private static final int QUESTION_WORDS = 7;
  private static final int MAX_CHARS = 60;
  private static final int CONTENT_WORD_CHARS = 4;
  private static final Pattern BLANKS = Pattern.compile("\\s+");
  private static final Pattern NO_LETTERS = Pattern.compile("[^\\p{L}\\p{N}]+");
  private static final Pattern AROUND = Pattern.compile("^[\"'“”*#\\s]+|[\"'“”*.\\s]+$");

  private TitleText() {}

  /**
   * What a model said, if it can be a title: short, and about what was spoken of. Otherwise the
   * beginning of the question.
   */
  static String of(String said, String question, String answer) {
    String line = AROUND.matcher(said.strip().lines().findFirst().orElse("")).replaceAll("");
    Set<String> spokenOf = contentWords(question + " " + answer);
    boolean about = contentWords(line).stream().anyMatch(spokenOf::contains);
    boolean fits = line.length() <= MAX_CHARS && BLANKS.split(line, -1).length <= MAX_WORDS;
    return about && fits ? line : ofQuestion(question);
  }

  /** The first words of a question; empty if it has none. */
  static String ofQuestion(String question) {
    String[] words = BLANKS.split(question.strip(), QUESTION_WORDS + 1);
    String title = Arrays.stream(words).limit(QUESTION_WORDS).collect(Collectors.joining(" "));
    boolean shortened = words.length > QUESTION_WORDS || title.length() > MAX_CHARS;
    return shortened ? head(title, MAX_CHARS - 1).stripTrailing() + "…" : title;
  }

  private static Set<String> contentWords(String text) {
    return NO_LETTERS
        .splitAsStream(text.toLowerCase(Locale.ROOT))
        .filter(word -> word.length() >= CONTENT_WORD_CHARS)
        .collect(Collectors.toSet());
  }

  /** The beginning of a text, without half a character at its end. */
  static String head(String text, int chars) {
    if (text.length() <= chars) {
      return text;
    }
    int end = Character.isHighSurrogate(text.charAt(chars - 1)) ? chars - 1 : chars;
    return text.substring(0, end);
  }
}
