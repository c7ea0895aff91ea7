package io.parley.training.bpe;

import io.parley.common.ParleyException;
import io.parley.model.tokenizer.ByteAlphabet;
import io.parley.model.tokenizer.Vocabulary;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Learns a byte-pair encoding (Sennrich et al. 2016, on bytes as in Radford et al. 2019): again and
 * again the most frequent pair of neighbours becomes a token of its own. Of equally frequent pairs
 * the one with the smaller bytes wins, so the result depends on the multiset of words alone. One
 * thread.
 */
public final class BpeTrainer {
  private static final int BYTES = 256;

  private final Map<String, Integer> wordCounts = new TreeMap<>();

  /** Counts the words of one text. */
  public void add(String text) {
    for (String word : ConversationVocabulary.PRE_TOKENIZER.split(text)) {
      wordCounts.merge(word, 1, Integer::sum);
    }
  }

  /**
   * Learns merges until the vocabulary has {@code size} tokens or no pair occurs twice.
   *
   * @param size special tokens, bytes and merged tokens together
   */
  public Vocabulary train(int size) {
    int least = SpecialTokens.ALL.size() + BYTES;
    if (size < least) {
      throw ParleyException.invalid("vocabulary must be at least " + least + ", not " + size);
    }
    PairTable table = new PairTable();
    wordCounts.forEach((word, count) -> table.add(word.getBytes(StandardCharsets.UTF_8), count));
    Symbols symbols = new Symbols();
    List<String> merges = new ArrayList<>();
    while (symbols.count() < size - SpecialTokens.ALL.size()) {
      PairTable.Pair best = table.mostFrequent(symbols.bytes);
      if (table.count(best) < 2) {
        break;
      }
      merges.add(symbols.spell(best.left()) + " " + symbols.spell(best.right()));
      table.merge(best, symbols.join(best));
    }
    return ConversationVocabulary.of(symbols.spellings(), merges);
  }

  /** All symbols so far: first the single bytes, then what merges made. */
  private static final class Symbols {
    private final List<byte[]> bytes = new ArrayList<>();
    private final Map<String, Integer> ids = new HashMap<>();

    Symbols() {
      for (int value = 0; value < BYTES; value++) {
        id(new byte[] {(byte) value});
      }
    }

    int count() {
      return bytes.size();
    }

    String spell(int symbol) {
      return ByteAlphabet.spell(bytes.get(symbol));
    }

    List<String> spellings() {
      return bytes.stream().map(ByteAlphabet::spell).toList();
    }

    /** The symbol of both parts together; two merges may lead to the same one. */
    int join(PairTable.Pair pair) {
      byte[] left = bytes.get(pair.left());
      byte[] right = bytes.get(pair.right());
      byte[] joined = Arrays.copyOf(left, left.length + right.length);
      System.arraycopy(right, 0, joined, left.length, right.length);
      return id(joined);
    }

    private int id(byte[] symbol) {
      Integer known = ids.putIfAbsent(ByteAlphabet.spell(symbol), bytes.size());
      if (known == null) {
        bytes.add(symbol);
      }
      return known == null ? bytes.size() - 1 : known;
    }
  }
}
