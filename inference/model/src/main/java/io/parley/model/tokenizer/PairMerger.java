package io.parley.model.tokenizer;

import java.util.Arrays;
import java.util.function.IntUnaryOperator;

/**
 * Joins the symbols of one piece of text into tokens: as long as any neighbours can be merged, the
 * pair with the lowest rank is, of equals the leftmost (Sennrich et al. 2016, arXiv:1508.07909).
 *
 * <p>Tokens are a doubly linked list over arrays; candidates wait in a binary heap ordered by rank,
 * then position, so that n symbols take O(n log n) time. A candidate that was overtaken by another
 * merge is recognised when it leaves the heap: its neighbours no longer have its rank. Reusable for
 * one piece after another; not thread-safe.
 */
final class PairMerger {
  private static final int END = -1;

  private final MergeTable merges;
  private int[] tokens = new int[64];
  private int[] previous = new int[64];
  private int[] next = new int[64];
  private long[] heap = new long[64];
  private int heapSize;

  PairMerger(MergeTable merges) {
    this.merges = merges;
  }

  /**
   * Appends the tokens of a piece to {@code out}.
   *
   * @param length of the piece in symbols, at least 1
   * @param symbols the token that each stands for, by its index
   */
  void merge(int length, IntUnaryOperator symbols, TokenList out) {
    link(length, symbols);
    while (heapSize > 0) {
      long candidate = pop();
      int left = (int) candidate;
      int rank = (int) (candidate >>> 32);
      int slot = find(left);
      if (slot >= 0 && merges.rank(slot) == rank) {
        join(left, merges.result(slot));
      }
    }
    for (int at = 0; at != END; at = next[at]) {
      out.add(tokens[at]);
    }
  }

  private void link(int length, IntUnaryOperator symbols) {
    grow(length);
    for (int i = 0; i < length; i++) {
      tokens[i] = symbols.applyAsInt(i);
      previous[i] = i - 1;
      next[i] = i + 1;
    }
    next[length - 1] = END;
    for (int i = 0; i < length; i++) {
      offer(i);
    }
  }

  private void grow(int length) {
    if (tokens.length < length) {
      int capacity = Math.max(length, 2 * tokens.length);
      tokens = new int[capacity];
      previous = new int[capacity];
      next = new int[capacity];
    }
  }

  /** The merge of the token at {@code left} with its right neighbour; -1 if there is none. */
  private int find(int left) {
    // A token that was swallowed by its left neighbour is marked by a negative id.
    if (tokens[left] < 0 || next[left] == END) {
      return -1;
    }
    return merges.find(tokens[left], tokens[next[left]]);
  }

  private void join(int left, int result) {
    int right = next[left];
    tokens[left] = result;
    tokens[right] = -1;
    next[left] = next[right];
    if (next[right] != END) {
      previous[next[right]] = left;
    }
    offer(left);
    if (previous[left] != END) {
      offer(previous[left]);
    }
  }

  private void offer(int left) {
    int slot = find(left);
    if (slot >= 0) {
      push((long) merges.rank(slot) << 32 | left);
    }
  }

  private void push(long candidate) {
    if (heapSize == heap.length) {
      heap = Arrays.copyOf(heap, 2 * heapSize);
    }
    int at = heapSize++;
    while (at > 0 && heap[(at - 1) / 2] > candidate) {
      heap[at] = heap[(at - 1) / 2];
      at = (at - 1) / 2;
    }
    heap[at] = candidate;
  }

  private long pop() {
    long top = heap[0];
    long last = heap[--heapSize];
    int at = 0;
    while (2 * at + 1 < heapSize) {
      int child = 2 * at + 1;
      if (child + 1 < heapSize && heap[child + 1] < heap[child]) {
        child++;
      }
      if (heap[child] >= last) {
        break;
      }
      heap[at] = heap[child];
      at = child;
    }
    heap[at] = last;
    return top;
  }
}
