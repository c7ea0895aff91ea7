package io.parley.training.bpe;

import io.parley.common.ParleyException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Learns a byte-pair encoding (Sennrich et al. 2016, on bytes as in Radford et al. 2019): again and
 * again the most frequent pair of neighbours becomes a token of its own. Of equally frequent pairs
 * the one with the smaller bytes wins, so the result depends on the multiset of words alone.
 */
public final class BpeTrainer {
  private static final int BYTES = 256;

  private final Map<String, Integer> wordCounts = new TreeMap<>();

  /** Counts the words of one text. */
  public void add(String text) {
    PreTokenizer.split(text, word -> wordCounts.merge(word, 1, Integer::sum));
  }

  /**
   * Learns merges until the vocabulary has {@code size} tokens or no pair occurs twice.
   *
   * @param size special tokens, bytes and merges together
   */
  public BpeVocabulary train(int size, List<String> specialTokens) {
    int merges = size - specialTokens.size() - BYTES;
    if (merges < 0) {
      throw ParleyException.invalid(
          "vocabulary must be at least " + (specialTokens.size() + BYTES) + ", not " + size);
    }
    PairTable table = new PairTable();
    wordCounts.forEach((word, count) -> table.add(word.getBytes(StandardCharsets.UTF_8), count));
    List<byte[]> symbols = bytes();
    List<String> learned = new ArrayList<>();
    while (learned.size() < merges) {
      PairTable.Pair best = table.mostFrequent(symbols);
      if (table.count(best) < 2) {
        break;
      }
      byte[] left = symbols.get(best.left());
      byte[] right = symbols.get(best.right());
      learned.add(ByteAlphabet.string(left) + " " + ByteAlphabet.string(right));
      table.merge(best, symbols.size());
      symbols.add(concatenate(left, right));
    }
    List<String> tokens = new ArrayList<>(specialTokens);
    symbols.forEach(symbol -> tokens.add(ByteAlphabet.string(symbol)));
    return new BpeVocabulary(tokens, learned, specialTokens.size());
  }

  private static List<byte[]> bytes() {
    List<byte[]> symbols = new ArrayList<>();
    for (int value = 0; value < BYTES; value++) {
      symbols.add(new byte[] {(byte) value});
    }
    return symbols;
  }

  private static byte[] concatenate(byte[] left, byte[] right) {
    byte[] joined = Arrays.copyOf(left, left.length + right.length);
    System.arraycopy(right, 0, joined, left.length, right.length);
    return joined;
  }
}
