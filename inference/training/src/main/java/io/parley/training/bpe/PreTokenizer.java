package io.parley.training.bpe;

import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Cuts text into the words inside which merges happen, by the pattern that GGUF files call {@code
 * qwen2}: contractions, letters with one leading mark, single digits, punctuation, blanks.
 */
public final class PreTokenizer {
  /** The name of the pattern in {@code tokenizer.ggml.pre}. */
  public static final String NAME = "qwen2";

  /** In a syntax that Java and Oniguruma read alike. */
  public static final String PATTERN =
      "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}"
          + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

  private static final Pattern COMPILED = Pattern.compile(PATTERN, Pattern.UNICODE_CASE);

  private PreTokenizer() {}

  /** Passes on every word of {@code text}, in order; together they are the text. */
  public static void split(String text, Consumer<String> word) {
    Matcher matcher = COMPILED.matcher(text);
    while (matcher.find()) {
      word.accept(matcher.group());
    }
  }
}
