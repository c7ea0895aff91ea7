package io.parley.training.bpe;

import io.parley.model.tokenizer.ByteAlphabet;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Byte-pair encoding as the paper writes it down: every pair is counted anew for every merge. */
final class PlainBpe {
  private PlainBpe() {}

  /** Merges that make at most {@code newTokens} tokens from words without blanks. */
  static List<String> merges(List<String> words, int newTokens) {
    List<List<String>> pieces = new ArrayList<>();
    for (String word : words) {
      String spelled = ByteAlphabet.spell(word.getBytes(StandardCharsets.UTF_8));
      pieces.add(new ArrayList<>(List.of(spelled.split(""))));
    }
    List<String> merges = new ArrayList<>();
    Set<String> tokens = new HashSet<>();
    while (tokens.size() < newTokens) {
      Map<List<String>, Integer> counts = counts(pieces);
      List<String> best = counts.keySet().stream().min(order(counts)).orElse(List.of());
      if (counts.getOrDefault(best, 0) < 2) {
        break;
      }
      merges.add(String.join(" ", best));
      tokens.add(String.join("", best));
      pieces.forEach(piece -> apply(best, piece));
    }
    return merges;
  }

  private static Map<List<String>, Integer> counts(List<List<String>> pieces) {
    Map<List<String>, Integer> counts = new HashMap<>();
    for (List<String> piece : pieces) {
      for (int i = 0; i + 1 < piece.size(); i++) {
        counts.merge(List.copyOf(piece.subList(i, i + 2)), 1, Integer::sum);
      }
    }
    return counts;
  }

  /** Most frequent first; for letters, the alphabet of bytes is in the order of the bytes. */
  private static Comparator<List<String>> order(Map<List<String>, Integer> counts) {
    return Comparator.<List<String>>comparingInt(pair -> -counts.getOrDefault(pair, 0))
        .thenComparing(pair -> pair.getFirst())
        .thenComparing(pair -> pair.getLast());
  }

  private static void apply(List<String> pair, List<String> piece) {
    for (int i = 0; i + 1 < piece.size(); i++) {
      if (piece.subList(i, i + 2).equals(pair)) {
        piece.set(i, piece.get(i) + piece.remove(i + 1));
      }
    }
  }
}
