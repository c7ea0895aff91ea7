package io.parley.gateway.observation;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Counts durations in fixed memory, each in a bucket at most an eighth wider than its beginning.
 * What happened between two looks is the difference of their counts. Thread-safe; never waits.
 *
 * <p>Source: the bucket layout of HdrHistogram (G. Tene), with 8 buckets an octave.
 */
final class LatencyHistogram {
  private static final int SUB_BITS = 3;

  /** What takes less than 16 µs is all the same. */
  private static final int LEAST_BIT = 14;

  /** As is what takes longer than 18 minutes. */
  private static final int MOST_BIT = 40;

  static final int BUCKETS = (MOST_BIT - LEAST_BIT + 1) << SUB_BITS;

  private final AtomicLongArray counts = new AtomicLongArray(BUCKETS);

  void record(long nanos) {
    counts.getAndIncrement(bucket(nanos));
  }

  /** All counts since the beginning, by bucket. */
  long[] counts() {
    long[] copy = new long[BUCKETS];
    for (int i = 0; i < BUCKETS; i++) {
      copy[i] = counts.get(i);
    }
    return copy;
  }

  private static int bucket(long nanos) {
    long clamped = Math.clamp(nanos, 1L << LEAST_BIT, (1L << (MOST_BIT + 1)) - 1);
    int bit = 63 - Long.numberOfLeadingZeros(clamped);
    int sub = (int) (clamped >>> (bit - SUB_BITS)) & ((1 << SUB_BITS) - 1);
    return ((bit - LEAST_BIT) << SUB_BITS) + sub;
  }

  private static double beginNanos(int bucket) {
    int bit = (bucket >> SUB_BITS) + LEAST_BIT;
    int sub = bucket & ((1 << SUB_BITS) - 1);
    return (double) (1L << bit) * (1 + sub / (double) (1 << SUB_BITS));
  }

  /**
   * The duration that a share of what was counted does not exceed, in milliseconds, straight
   * through its bucket; 0 if nothing was counted.
   *
   * @param share above 0, at most 1
   */
  static double percentileMs(long[] counts, double share) {
    long total = 0;
    for (long count : counts) {
      total += count;
    }
    double rank = share * total;
    double before = 0;
    for (int i = 0; i < counts.length; i++) {
      if (counts[i] > 0 && before + counts[i] >= rank) {
        double part = (rank - before) / counts[i];
        return (beginNanos(i) + part * (beginNanos(i + 1) - beginNanos(i))) / 1e6;
      }
      before += counts[i];
    }
    return 0;
  }
}
