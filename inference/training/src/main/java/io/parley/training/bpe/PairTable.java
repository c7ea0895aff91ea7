package io.parley.training.bpe;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** All words as runs of symbols, with the count and the places of every pair of neighbours. */
final class PairTable {
  /** Two symbols side by side. */
  record Pair(int left, int right) {}

  private static final Pair NONE = new Pair(-1, -1);

  private final List<int[]> words = new ArrayList<>();
  private final List<Integer> wordCounts = new ArrayList<>();
  private final Map<Pair, Long> counts = new HashMap<>();
  private final Map<Pair, Set<Integer>> places = new HashMap<>();

  void add(byte[] word, int count) {
    int[] symbols = new int[word.length];
    for (int i = 0; i < word.length; i++) {
      symbols[i] = word[i] & 0xff;
    }
    words.add(symbols);
    wordCounts.add(count);
    count(words.size() - 1, 1);
  }

  long count(Pair pair) {
    return counts.getOrDefault(pair, 0L);
  }

  /** The pair with the highest count; of equals the one whose symbols have the smaller bytes. */
  Pair mostFrequent(List<byte[]> symbols) {
    Pair best = NONE;
    long bestCount = 0;
    for (Map.Entry<Pair, Long> entry : counts.entrySet()) {
      long count = entry.getValue();
      if (count > bestCount
          || (count == bestCount && count > 0 && precedes(entry.getKey(), best, symbols))) {
        best = entry.getKey();
        bestCount = count;
      }
    }
    return best;
  }

  private static boolean precedes(Pair one, Pair other, List<byte[]> symbols) {
    int order = Arrays.compareUnsigned(symbols.get(one.left()), symbols.get(other.left()));
    if (order == 0) {
      order = Arrays.compareUnsigned(symbols.get(one.right()), symbols.get(other.right()));
    }
    return order < 0;
  }

  /** Replaces the pair by {@code symbol} in every word. */
  void merge(Pair pair, int symbol) {
    for (int word : List.copyOf(places.getOrDefault(pair, Set.of()))) {
      count(word, -1);
      words.set(word, replace(words.get(word), pair, symbol));
      count(word, 1);
    }
    counts.remove(pair);
    places.remove(pair);
  }

  private void count(int word, int sign) {
    int[] symbols = words.get(word);
    long change = (long) sign * wordCounts.get(word);
    for (int i = 0; i + 1 < symbols.length; i++) {
      Pair pair = new Pair(symbols[i], symbols[i + 1]);
      counts.merge(pair, change, Long::sum);
      if (sign > 0) {
        places.computeIfAbsent(pair, key -> new HashSet<>()).add(word);
      }
    }
  }

  private static int[] replace(int[] symbols, Pair pair, int symbol) {
    int[] result = new int[symbols.length];
    int length = 0;
    for (int i = 0; i < symbols.length; i++) {
      boolean here =
          i + 1 < symbols.length && symbols[i] == pair.left() && symbols[i + 1] == pair.right();
      result[length++] = here ? symbol : symbols[i];
      i += here ? 1 : 0;
    }
    return Arrays.copyOf(result, length);
  }
}
