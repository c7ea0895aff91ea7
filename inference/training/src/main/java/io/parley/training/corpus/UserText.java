package io.parley.training.corpus;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Makes a tidy phrasing look typed: casing, punctuation, politeness, light typos. Slots such as
 * {@code {x}} are left alone, so vary first and fill in afterwards.
 */
final class UserText {
  static final List<String> OPENINGS =
      List.of(
          "hey, ",
          "hi, ",
          "hello, ",
          "please ",
          "ok, ",
          "ok ",
          "so ",
          "and ",
          "well, ",
          "um, ",
          "hey ",
          "now ",
          "quick question: ",
          "question: ",
          "I wonder: ",
          "tell me, ",
          "one more thing: ",
          "can you tell me, ",
          "please tell me: ",
          "I have a question. ",
          "sorry, ",
          "by the way, ",
          "thanks. ");
  static final List<String> CLOSINGS =
      List.of(
          " please",
          ", please",
          " please?",
          " thanks",
          ", thanks!",
          " thank you",
          " :)",
          " now",
          "?",
          "??",
          "!",
          "...",
          " ",
          "  ",
          "\n",
          ", ok?",
          " quickly",
          " then?");

  /** Words that carry grammar and no meaning: questions are understood without them. */
  private static final Set<String> FUNCTION_WORDS =
      Set.of(
          "what", "what's", "which", "is", "are", "was", "were", "the", "a", "an", "of", "do",
          "does", "did", "it", "that", "this", "there", "can", "could", "would", "will", "please",
          "for", "has", "have", "be", "in", "on", "they", "people", "one");

  private static final double WORD_LEFT_OUT = 0.6;
  private static final double AS_IT_IS = 0.35;

  /** In less text, a changed character or a "thanks" is all that one sees. */
  private static final int SHORTEST_VARIED = 4;

  private static final Pattern LAST_PUNCTUATION = Pattern.compile("[?.!]+$");
  private static final Pattern TYPO_TARGET = Pattern.compile("(?<![\\w{])[a-z]{5,}(?![\\w}])");

  private UserText() {}

  static String vary(RandomGenerator random, String phrasing) {
    String text = phrasing;
    if (Draw.chance(random, AS_IT_IS) || text.length() < SHORTEST_VARIED) {
      return text;
    }
    if (Draw.chance(random, 0.5)) {
      text = LAST_PUNCTUATION.matcher(text).replaceFirst("");
    }
    if (Draw.chance(random, 0.5)) {
      text = text.toLowerCase(Locale.ROOT);
    }
    if (Draw.chance(random, 0.12)) {
      text = typo(random, text);
    }
    if (Draw.chance(random, 0.15)) {
      text = Draw.one(random, OPENINGS) + decapitalised(text);
      text = Draw.chance(random, 0.5) ? Template.capitalised(text) : text;
    }
    if (Draw.chance(random, 0.15)) {
      text = LAST_PUNCTUATION.matcher(text).replaceFirst("") + Draw.one(random, CLOSINGS);
    }
    return text;
  }

  /** With some of its function words left out, if a word of meaning stays beside the slots. */
  static String shortened(RandomGenerator random, String phrasing) {
    List<String> words = List.of(phrasing.split(" ", -1));
    if (words.stream().noneMatch(UserText::hasMeaning)) {
      return phrasing;
    }
    String shorter =
        words.stream()
            .filter(word -> !isFunctionWord(word) || !Draw.chance(random, WORD_LEFT_OUT))
            .collect(Collectors.joining(" "));
    return Template.capitalised(shorter);
  }

  private static boolean hasMeaning(String word) {
    return word.length() > 3 && !word.contains("{") && !isFunctionWord(word);
  }

  private static boolean isFunctionWord(String word) {
    return FUNCTION_WORDS.contains(word.toLowerCase(Locale.ROOT));
  }

  /** Lower case for the things asked about, as often as people do not care. */
  static String varyCase(RandomGenerator random, String value) {
    return Draw.chance(random, 0.2) ? value.toLowerCase(Locale.ROOT) : value;
  }

  private static String decapitalised(String text) {
    boolean keep = text.isEmpty() || text.startsWith("I ") || text.startsWith("I'");
    return keep ? text : text.substring(0, 1).toLowerCase(Locale.ROOT) + text.substring(1);
  }

  /** Drops, doubles or swaps letters inside one plain word. */
  private static String typo(RandomGenerator random, String text) {
    var words = TYPO_TARGET.matcher(text).results().toList();
    if (words.isEmpty()) {
      return text;
    }
    var word = Draw.one(random, words);
    int at = word.start() + 1 + random.nextInt(word.end() - word.start() - 2);
    char here = text.charAt(at);
    String changed =
        switch (random.nextInt(3)) {
          case 0 -> "";
          case 1 -> "" + here + here;
          default -> "" + text.charAt(at + 1) + here;
        };
    int rest =
        changed.length() == 2 && changed.charAt(1) == here && changed.charAt(0) != here ? 2 : 1;
    return text.substring(0, at) + changed + text.substring(at + rest);
  }
}
