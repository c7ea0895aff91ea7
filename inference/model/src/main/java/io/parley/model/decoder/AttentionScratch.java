package io.parley.model.decoder;

import static io.parley.model.kernel.AttentionKernel.QUERIES;

import io.parley.model.kernel.AttentionKernel;
import io.parley.model.kernel.Kernels;
import java.util.Arrays;

/**
 * What one thread needs to attend with some queries of one sequence and key head: their scores over
 * the whole past, a few blocks of the cache, and the results. Query i belongs to row {@code i /
 * queriesPerKey}. Grows with the longest past that it meets. Not thread-safe.
 */
final class AttentionScratch {
  /** Blocks of keys that are held at once. */
  static final int BLOCKS = 4;

  private final int headSize;
  private final int blockTokens;
  private final int queriesPerKey;
  private final float[] queries;
  private final float[] results;
  private final float[] sums;
  private final float[] blocks;
  private float[] scores = new float[0];

  private int count;
  private int firstPosition;
  private int window;
  private int stride;

  AttentionScratch(int headSize, int blockTokens, int mostQueries, int queriesPerKey) {
    int most = padded(Math.max(mostQueries, queriesPerKey));
    this.headSize = headSize;
    this.blockTokens = blockTokens;
    this.queriesPerKey = queriesPerKey;
    this.queries = new float[most * headSize];
    this.results = new float[most * headSize];
    this.sums = new float[most];
    this.blocks = new float[BLOCKS * headSize * blockTokens];
  }

  private static int padded(int count) {
    return Math.ceilDiv(count, QUERIES) * QUERIES;
  }

  /**
   * Begins anew.
   *
   * @param newCount queries, whole rows of them
   * @param position of the first row; the others follow it
   * @param newWindow how many positions a row sees
   */
  void begin(int newCount, int position, int newWindow) {
    count = newCount;
    firstPosition = position;
    window = newWindow;
    stride = Math.ceilDiv(end(count - 1), BLOCKS * blockTokens) * BLOCKS * blockTokens;
    int length = Math.multiplyExact(padded(count), stride);
    if (scores.length < length) {
      scores = new float[length];
    }
    Arrays.fill(results, 0);
    Arrays.fill(queries, count * headSize, padded(count) * headSize, 0);
  }

  int count() {
    return count;
  }

  /** One more than the last position that a query sees; places behind the last repeat it. */
  private int end(int query) {
    return firstPosition + Math.min(query, count - 1) / queriesPerKey + 1;
  }

  private int begin(int query) {
    return Math.max(0, end(query) - window);
  }

  int firstBlock() {
    return begin(0) / blockTokens;
  }

  int endBlock() {
    return Math.ceilDiv(end(count - 1), blockTokens);
  }

  void putQuery(int query, float[] from, int at) {
    System.arraycopy(from, at, queries, query * headSize, headSize);
  }

  /** Where blocks are to be written. */
  float[] blocks() {
    return blocks;
  }

  int blockAt(int index) {
    return index * headSize * blockTokens;
  }

  /** Scores the {@code some} blocks that were written, of which the first is {@code block}. */
  void score(int block, int some, AttentionKernel kernel) {
    int position = block * blockTokens;
    for (int q = 0; q < count; q += QUERIES) {
      if (position < end(q + QUERIES - 1)) {
        kernel.score(queries, q * headSize, blocks, 0, some, scores, q * stride + position, stride);
      }
    }
  }

  /** Bounds the scores of a query. */
  void softCap(int query, float cap, Kernels kernels) {
    int from = begin(query);
    kernels.softCap(scores, query * stride + from, end(query) - from, cap);
  }

  void weigh(int query, AttentionKernel kernel) {
    int from = begin(query);
    sums[query] = kernel.weigh(scores, query * stride + from, end(query) - from);
  }

  /** Adds the values of the one block that was written. */
  void addValues(int block, AttentionKernel kernel) {
    int from = block * blockTokens;
    int to = from + blockTokens;
    for (int q = 0; q < count; q += QUERIES) {
      if (begin(q + QUERIES - 1) <= from && to <= end(q)) {
        kernel.addValues(
            scores, q * stride + from, stride, blocks, 0, blockTokens, results, q * headSize);
      } else {
        for (int one = q; one < Math.min(count, q + QUERIES); one++) {
          addValuesToOne(one, from, to, kernel);
        }
      }
    }
  }

  /** Slots that a query does not see are not touched: they may hold what somebody else left. */
  private void addValuesToOne(int query, int blockFrom, int blockTo, AttentionKernel kernel) {
    int from = Math.max(blockFrom, begin(query));
    int to = Math.min(blockTo, end(query));
    if (from < to) {
      int at = (from - blockFrom) * headSize;
      int weights = query * stride + from;
      kernel.addValuesToOne(scores, weights, blocks, at, to - from, results, query * headSize);
    }
  }

  void takeResult(int query, float[] out, int at) {
    for (int d = 0; d < headSize; d++) {
      out[at + d] = results[query * headSize + d] / sums[query];
    }
  }
}
