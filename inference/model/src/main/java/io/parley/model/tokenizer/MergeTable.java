package io.parley.model.tokenizer;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * The merges of a vocabulary by the pair of tokens that they join: a hash table with open
 * addressing. Immutable.
 */
final class MergeTable {
  private static final long EMPTY = -1;

  private final long[] pairs;
  private final int[] ranks;
  private final int[] results;
  private final int mask;

  /**
   * @param ids of all tokens by their spelling
   * @throws IllegalArgumentException that names a merge if it is malformed or a part or its result
   *     is no token
   */
  MergeTable(List<String> merges, Map<String, Integer> ids) {
    this(merges.size());
    for (int rank = 0; rank < merges.size(); rank++) {
      add(rank, merges.get(rank), ids);
    }
  }

  private MergeTable(int size) {
    int capacity = Integer.highestOneBit(Math.max(1, size)) << 2;
    pairs = new long[capacity];
    ranks = new int[capacity];
    results = new int[capacity];
    mask = capacity - 1;
    Arrays.fill(pairs, EMPTY);
  }

  /**
   * A table of merges in numbers.
   *
   * @param merges four for each: left token, right token, rank, and the token that they make
   */
  static MergeTable of(int[] merges) {
    MergeTable table = new MergeTable(merges.length / 4);
    for (int i = 0; i < merges.length; i += 4) {
      table.add(merges[i], merges[i + 1], merges[i + 2], merges[i + 3]);
    }
    return table;
  }

  private void add(int rank, String merge, Map<String, Integer> ids) {
    int space = merge.indexOf(' ');
    if (space <= 0 || space == merge.length() - 1 || merge.indexOf(' ', space + 1) >= 0) {
      throw new IllegalArgumentException(
          "merge %d is \"%s\", not \"left right\"".formatted(rank, merge));
    }
    String left = merge.substring(0, space);
    String right = merge.substring(space + 1);
    add(id(rank, left, ids), id(rank, right, ids), rank, id(rank, left + right, ids));
  }

  /** Of two merges of one pair, the first counts. */
  private void add(int left, int right, int rank, int result) {
    long pair = pair(left, right);
    int slot = slot(pair);
    if (pairs[slot] == EMPTY) {
      pairs[slot] = pair;
      ranks[slot] = rank;
      results[slot] = result;
    }
  }

  private static int id(int rank, String token, Map<String, Integer> ids) {
    Integer id = ids.get(token);
    if (id == null) {
      throw new IllegalArgumentException(
          "merge %d needs \"%s\", which is no token".formatted(rank, token));
    }
    return id;
  }

  private static long pair(int left, int right) {
    return (long) left << 32 | right;
  }

  /** Where the pair is, or would be. */
  private int slot(long pair) {
    long mixed = pair * 0x9E3779B97F4A7C15L;
    int slot = (int) (mixed >>> 32) & mask;
    while (pairs[slot] != pair && pairs[slot] != EMPTY) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  /** The slot of the merge that joins these tokens, -1 if there is none. */
  int find(int left, int right) {
    int slot = slot(pair(left, right));
    return pairs[slot] == EMPTY ? -1 : slot;
  }

  /** A merge's importance; the lowest goes first. */
  int rank(int slot) {
    return ranks[slot];
  }

  /** The token that the merge makes. */
  int result(int slot) {
    return results[slot];
  }
}
