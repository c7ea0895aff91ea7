package io.parley.model.tokenizer;

import java.util.Comparator;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Turns the scores of tokens into merges: each way to cut a token into two symbols is one, and
 * tokens of higher score come first. Symbols are tokens and single characters.
 */
final class ScoredMerges {
  private final PieceVocabulary vocabulary;
  private final Map<String, Integer> symbols;
  private final TokenList merges = new TokenList();

  private ScoredMerges(PieceVocabulary vocabulary, Map<String, Integer> symbols) {
    this.vocabulary = vocabulary;
    this.symbols = symbols;
  }

  static MergeTable table(
      PieceVocabulary vocabulary, float[] scores, Map<String, Integer> symbols) {
    ScoredMerges all = new ScoredMerges(vocabulary, symbols);
    int[] ranks = ranks(scores);
    for (int id = 0; id < scores.length; id++) {
      if (vocabulary.isPiece(id)) {
        all.addCuts(id, ranks[id]);
      }
    }
    return MergeTable.of(all.merges.toArray());
  }

  /** 0 for the highest score; equal scores have equal ranks. */
  private static int[] ranks(float[] scores) {
    int[] order =
        IntStream.range(0, scores.length)
            .boxed()
            .sorted(Comparator.comparingDouble(id -> -scores[id]))
            .mapToInt(Integer::intValue)
            .toArray();
    int[] ranks = new int[scores.length];
    for (int i = 1; i < order.length; i++) {
      boolean lower = scores[order[i]] < scores[order[i - 1]];
      ranks[order[i]] = ranks[order[i - 1]] + (lower ? 1 : 0);
    }
    return ranks;
  }

  private void addCuts(int id, int rank) {
    String token = vocabulary.tokens().get(id);
    for (int at = 0; at < token.length(); ) {
      at += Character.charCount(token.codePointAt(at));
      Integer left = symbols.get(token.substring(0, at));
      Integer right = symbols.get(token.substring(at));
      if (left != null && right != null) {
        for (int part : new int[] {left, right, rank, id}) {
          merges.add(part);
        }
      }
    }
  }
}
