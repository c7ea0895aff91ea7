package io.parley.training.bpe;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Encodes text with a learned vocabulary: inside each word, the earliest learned merge first. Keeps
 * the words it has seen, up to {@value #CACHED_WORDS}. One thread.
 */
public final class BpeEncoder {
  private static final int CACHED_WORDS = 100_000;

  private final Map<String, Integer> ids = new HashMap<>();
  private final Map<Long, Integer> ranks = new HashMap<>();
  private final Map<String, int[]> words = new HashMap<>();
  private final int firstMerged;

  public BpeEncoder(BpeVocabulary vocabulary) {
    for (int id = vocabulary.specialTokens(); id < vocabulary.size(); id++) {
      ids.put(vocabulary.tokens().get(id), id);
    }
    firstMerged = vocabulary.size() - vocabulary.merges().size();
    for (int rank = 0; rank < vocabulary.merges().size(); rank++) {
      String[] pair = vocabulary.merges().get(rank).split(" ", -1);
      ranks.put(key(id(pair[0]), id(pair[1])), rank);
    }
  }

  /** The token ids of {@code text}; special tokens are never among them. */
  public int[] encode(String text) {
    int[][] result = {new int[text.length() + 8]};
    int[] length = {0};
    PreTokenizer.split(
        text,
        word -> {
          int[] tokens = encodeWord(word);
          if (length[0] + tokens.length > result[0].length) {
            result[0] = Arrays.copyOf(result[0], 2 * (length[0] + tokens.length));
          }
          System.arraycopy(tokens, 0, result[0], length[0], tokens.length);
          length[0] += tokens.length;
        });
    return Arrays.copyOf(result[0], length[0]);
  }

  private int[] encodeWord(String word) {
    int[] known = words.get(word);
    if (known != null) {
      return known;
    }
    int[] tokens = merge(word.getBytes(StandardCharsets.UTF_8));
    if (words.size() < CACHED_WORDS) {
      words.put(word, tokens);
    }
    return tokens;
  }

  private int[] merge(byte[] bytes) {
    int[] tokens = new int[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      tokens[i] = id(String.valueOf(ByteAlphabet.character(bytes[i] & 0xff)));
    }
    int length = tokens.length;
    for (int at = lowestRank(tokens, length); at >= 0; at = lowestRank(tokens, length)) {
      tokens[at] = firstMerged + rank(tokens[at], tokens[at + 1]);
      System.arraycopy(tokens, at + 2, tokens, at + 1, length - at - 2);
      length--;
    }
    return Arrays.copyOf(tokens, length);
  }

  private int lowestRank(int[] tokens, int length) {
    int best = Integer.MAX_VALUE;
    int place = -1;
    for (int i = 0; i + 1 < length; i++) {
      int rank = rank(tokens[i], tokens[i + 1]);
      if (rank < best) {
        best = rank;
        place = i;
      }
    }
    return place;
  }

  /** When the pair was learned; MAX_VALUE if never. */
  private int rank(int left, int right) {
    return ranks.getOrDefault(key(left, right), Integer.MAX_VALUE);
  }

  private int id(String token) {
    Integer id = ids.get(token);
    if (id == null) {
      throw new IllegalArgumentException(
          "token '" + token + "' of a merge is not in the vocabulary");
    }
    return id;
  }

  private static long key(int left, int right) {
    return (long) left << 32 | right;
  }
}
