package io.parley.model.tokenizer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A small SentencePiece vocabulary, learned from the same few lines as {@link SampleVocabulary}.
 */
final class SamplePieces {
  static final List<String> CONTROL = List.of("<unk>", "<s>", "</s>", "<start_of_turn>");
  static final List<String> ADDED = List.of("<table>", "<tr>");

  final List<String> tokens = new ArrayList<>(CONTROL);
  final List<String> merges = new ArrayList<>();

  SamplePieces(int mergeCount) {
    tokens.addAll(ADDED);
    for (int b = 0; b < 256; b++) {
      tokens.add("<0x%02X>".formatted(b));
    }
    String text = SampleVocabulary.TEXT.replace(' ', '\u2581');
    Set<String> characters = new LinkedHashSet<>();
    text.codePoints().filter(c -> c != '\n').forEach(c -> characters.add(Character.toString(c)));
    List<String> parts = new ArrayList<>();
    text.codePoints().forEach(c -> parts.add(Character.toString(c)));
    Set<String> merged = new LinkedHashSet<>();
    while (merges.size() < mergeCount) {
      String best = mostFrequentPair(parts);
      merges.add(best);
      merged.add(best.replace(" ", ""));
      apply(best, parts);
    }
    tokens.addAll(merged);
    characters.removeAll(merged);
    tokens.addAll(characters);
  }

  /** Pieces do not go over the beginning of a word, nor over lines. */
  private static String mostFrequentPair(List<String> parts) {
    Map<String, Integer> counts = new HashMap<>();
    for (int i = 0; i + 1 < parts.size(); i++) {
      String left = parts.get(i);
      String right = parts.get(i + 1);
      boolean spaces = left.replace("\u2581", "").isEmpty();
      if (!left.equals("\n") && !right.equals("\n") && (spaces || right.indexOf('\u2581') < 0)) {
        counts.merge(left + " " + right, 1, Integer::sum);
      }
    }
    return counts.entrySet().stream()
        .max(
            Map.Entry.<String, Integer>comparingByValue().thenComparing(Map.Entry.comparingByKey()))
        .orElseThrow()
        .getKey();
  }

  private static void apply(String merge, List<String> parts) {
    for (int i = 0; i + 1 < parts.size(); i++) {
      if (merge.equals(parts.get(i) + " " + parts.get(i + 1))) {
        parts.set(i, parts.get(i) + parts.remove(i + 1));
      }
    }
  }

  /** Keys of a GGUF file, in which earlier tokens have higher scores. */
  Map<String, Object> metadata(boolean prefix) {
    int[] types = new int[tokens.size()];
    float[] scores = new float[tokens.size()];
    Arrays.fill(types, TokenKeys.TYPE_NORMAL);
    for (int id = 0; id < types.length; id++) {
      String token = tokens.get(id);
      scores[id] = -id;
      if (CONTROL.contains(token)) {
        types[id] = token.equals("<unk>") ? TokenKeys.TYPE_UNKNOWN : TokenKeys.TYPE_CONTROL;
      } else if (ADDED.contains(token)) {
        types[id] = TokenKeys.TYPE_USER_DEFINED;
      } else if (PieceVocabulary.byteOf(token) >= 0) {
        types[id] = TokenKeys.TYPE_BYTE;
      }
    }
    Map<String, Object> out = new LinkedHashMap<>();
    out.put(TokenKeys.MODEL, "llama");
    out.put(TokenKeys.TOKENS, tokens.toArray(String[]::new));
    out.put(TokenKeys.TYPES, types);
    out.put("tokenizer.ggml.scores", scores);
    out.put(TokenKeys.BEGIN, 1);
    out.put(TokenKeys.END, 2);
    out.put("tokenizer.ggml.unknown_token_id", 0);
    out.put("tokenizer.ggml.add_space_prefix", prefix);
    return out;
  }

  /**
   * A {@code tokenizer.json}. Every way to cut a token in two is a merge, as where such a file is
   * made from a SentencePiece model.
   */
  String json(String normalizer, String preTokenizer) {
    return SampleJson.tokenizer(
        addedTokens(), normalizer, preTokenizer, tokens, allMerges(), true, false);
  }

  private List<String> allMerges() {
    List<String> out = new ArrayList<>();
    for (String token : tokens.subList(CONTROL.size() + ADDED.size() + 256, tokens.size())) {
      for (int at = 1; at < token.length(); at++) {
        if (tokens.contains(token.substring(0, at)) && tokens.contains(token.substring(at))) {
          out.add(token.substring(0, at) + " " + token.substring(at));
        }
      }
    }
    return out;
  }

  private String addedTokens() {
    List<String> out = new ArrayList<>();
    for (int id = 0; id < CONTROL.size() + ADDED.size(); id++) {
      out.add(SampleJson.addedToken(id, tokens.get(id), id < CONTROL.size()));
    }
    return String.join(",", out);
  }
}
