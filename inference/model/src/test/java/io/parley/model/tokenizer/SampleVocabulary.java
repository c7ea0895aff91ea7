package io.parley.model.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;

/** A small vocabulary learned from a few lines of text, with the special tokens of our models. */
public final class SampleVocabulary {
  static final List<String> SPECIAL =
      List.of("<|begin|>", "<|end|>", "<|user|>", "<|assistant|>", "<|system|>");

  static final String TEXT =
      """
      The quick brown fox jumps over the lazy dog. It's the dog's day, we'll see; I'd say they've won!
      Zürich, Übermut, naïve café, señor, crème brûlée: the naïve señor's café.
      Привет, как дела? Всё хорошо, как всегда хорошо. 你好世界，世界你好。 こんにちは世界 안녕하세요
      for (int i = 0; i < 1024; i++) { total += values[i] * 3.14159; }   // 1234567 and 42
      	tabs	and  double  spaces   and
      the the the then there these those thing other brother mother 👩‍👩‍👧 👍🏽 🙂🙂
      """;

  private SampleVocabulary() {}

  /** As our models have it: "qwen2", specials first, then bytes, then merged tokens. */
  public static Vocabulary learn(String preTokenizer, int mergeCount) {
    List<String> merges = new ArrayList<>();
    List<String> tokens = new ArrayList<>(SPECIAL);
    for (int b = 0; b < 256; b++) {
      tokens.add(String.valueOf(ByteAlphabet.character(b)));
    }
    List<List<String>> pieces = pieces(preTokenizer);
    while (merges.size() < mergeCount) {
      String best = mostFrequentPair(pieces);
      merges.add(best);
      String joined = best.replace(" ", "");
      if (!tokens.contains(joined)) {
        tokens.add(joined);
      }
      pieces.forEach(piece -> apply(best, piece));
    }
    return new Vocabulary(
        tokens,
        merges,
        Set.copyOf(IntStream.range(0, SPECIAL.size()).boxed().toList()),
        preTokenizer,
        OptionalInt.of(0),
        OptionalInt.of(1),
        Set.of(1));
  }

  /** The vocabulary as a {@code tokenizer.json}. */
  public static String json(Vocabulary vocabulary) {
    return SampleJson.of(PreTokenizer.named(vocabulary.preTokenizer()), vocabulary, "null");
  }

  private static List<List<String>> pieces(String preTokenizer) {
    List<List<String>> pieces = new ArrayList<>();
    for (String piece : PreTokenizer.named(preTokenizer).split(TEXT)) {
      String spelled = ByteAlphabet.spell(piece.getBytes(StandardCharsets.UTF_8));
      pieces.add(new ArrayList<>(List.of(spelled.split(""))));
    }
    return pieces;
  }

  private static String mostFrequentPair(List<List<String>> pieces) {
    Map<String, Integer> counts = new HashMap<>();
    for (List<String> piece : pieces) {
      for (int i = 0; i + 1 < piece.size(); i++) {
        counts.merge(piece.get(i) + " " + piece.get(i + 1), 1, Integer::sum);
      }
    }
    return counts.entrySet().stream()
        .max(
            Map.Entry.<String, Integer>comparingByValue().thenComparing(Map.Entry.comparingByKey()))
        .orElseThrow()
        .getKey();
  }

  private static void apply(String merge, List<String> piece) {
    for (int i = 0; i + 1 < piece.size(); i++) {
      if (merge.equals(piece.get(i) + " " + piece.get(i + 1))) {
        piece.set(i, piece.get(i) + piece.remove(i + 1));
      }
    }
  }
}
