package io.parley.model.tokenizer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Cuts text into the pieces inside which bytes are merged. The rules go by the name that a model
 * file gives under {@code tokenizer.ggml.pre}; a model's answers are only as good as the rule is
 * the one of its training, so there is no default for an unknown name.
 */
@SuppressWarnings("ImmutableEnumChecker") // Its lists are unmodifiable.
public enum PreTokenizer {
  /** Qwen 2 and later; digits one by one. */
  QWEN2(
      List.of("qwen2"),
      false,
      "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}"
          + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+"),
  /** GPT-2. */
  GPT2(List.of("gpt-2", "default"), false, Rules.GPT2),
  /** Llama 3; digits by three, and a piece that is a token stays whole. */
  LLAMA3(
      List.of("llama-bpe", "llama3", "llama-v3"),
      true,
      "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}"
          + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+"),
  /** Mistral's Tekken: digits one by one, and words end where lower case gives way to upper. */
  TEKKEN(
      List.of("tekken"),
      true,
      "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+"
          + "|[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]+[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]*|\\p{N}"
          + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+"),
  /** SmolLM: digits one by one are cut out first, GPT-2 sees what is between them. */
  SMOLLM(List.of("smollm"), false, "\\p{N}", Rules.GPT2);

  private static final class Rules {
    static final String GPT2 =
        "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";
  }

  /** Receives the pieces in order. */
  @FunctionalInterface
  interface Sink {
    void accept(int from, int to);
  }

  private final List<String> names;
  private final boolean wholeTokensFirst;
  private final List<Pattern> stages;

  PreTokenizer(List<String> names, boolean wholeTokensFirst, String... stages) {
    this.names = names;
    this.wholeTokensFirst = wholeTokensFirst;
    // Unicode classes: \s must also match U+00A0 or U+3000, as in the engines that trained models.
    this.stages =
        Arrays.stream(stages)
            .map(s -> Pattern.compile(s, Pattern.UNICODE_CHARACTER_CLASS))
            .toList();
  }

  /**
   * The rule with this name.
   *
   * @throws IllegalArgumentException that names it if there is none
   */
  public static PreTokenizer named(String name) {
    return Arrays.stream(values())
        .filter(p -> p.names.contains(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "pre-tokenizer \"%s\" is not supported; supported are %s"
                        .formatted(name, supported())));
  }

  /** The name that files give it. */
  String ggufName() {
    return names.getFirst();
  }

  private static String supported() {
    return Arrays.stream(values()).flatMap(p -> p.names.stream()).collect(Collectors.joining(", "));
  }

  /**
   * The expressions that cut the text, one after the other, in a syntax that Java and Oniguruma
   * read alike; character classes are Unicode's.
   */
  public List<String> patterns() {
    return stages.stream().map(Pattern::pattern).toList();
  }

  /** Whether a piece that is a token as a whole is taken without merging. */
  boolean wholeTokensFirst() {
    return wholeTokensFirst;
  }

  /** The pieces of a text, in order; together they are the text. */
  public List<String> split(String text) {
    List<String> pieces = new ArrayList<>();
    split(text, 0, text.length(), (from, to) -> pieces.add(text.substring(from, to)));
    return pieces;
  }

  void split(CharSequence text, int from, int to, Sink sink) {
    split(0, text, from, to, sink);
  }

  /** What no match covers is a piece too. */
  private void split(int stage, CharSequence text, int from, int to, Sink sink) {
    if (stage == stages.size()) {
      if (from < to) {
        sink.accept(from, to);
      }
      return;
    }
    Matcher matcher = stages.get(stage).matcher(text).region(from, to);
    int end = from;
    while (matcher.find()) {
      split(stage + 1, text, end, matcher.start(), sink);
      split(stage + 1, text, matcher.start(), matcher.end(), sink);
      end = matcher.end();
    }
    split(stage + 1, text, end, to, sink);
  }
}
