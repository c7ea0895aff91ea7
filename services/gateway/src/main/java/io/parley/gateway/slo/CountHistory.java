package io.parley.gateway.slo;

import java.time.Duration;

/**
 * What counters said in the past, at regular times: enough to know how they grew over any window up
 * to the whole length, in fixed memory and constant time.
 *
 * <p>Time is cut into slots. Of each the history keeps what the counters said when it began, so a
 * window is exact to a slot: it begins with the first slot that lies in it whole. A history shorter
 * than the window answers for what there is. Not thread-safe.
 */
final class CountHistory {
  private final long slotMs;
  private final long[] good;
  private final long[] bad;
  private final long firstSlot;
  private long lastSlot;
  private Counts latest = Counts.NONE;

  /** A history that begins now, with counters at 0. */
  CountHistory(Duration slot, Duration longest, long nowMs) {
    this.slotMs = slot.toMillis();
    int slots = Math.toIntExact(longest.dividedBy(slot)) + 2;
    this.good = new long[slots];
    this.bad = new long[slots];
    this.firstSlot = Math.floorDiv(nowMs, slotMs);
    this.lastSlot = firstSlot;
  }

  /**
   * Takes what the counters say.
   *
   * @param nowMs not before the time of the call before
   */
  void record(long nowMs, Counts counts) {
    reach(nowMs);
    latest = counts;
  }

  /** By how much the counters grew in a window that ends now. */
  Counts over(Duration window, long nowMs) {
    reach(nowMs);
    long start = Math.floorDiv(nowMs - window.toMillis() - 1, slotMs) + 1;
    if (start <= firstSlot) {
      return latest;
    }
    if (start > lastSlot) {
      return Counts.NONE;
    }
    int index = index(Math.max(start, lastSlot - good.length + 1));
    return latest.minus(new Counts(good[index], bad[index]));
  }

  /** Slots that began since the last call began with what the counters said then. */
  private void reach(long nowMs) {
    long slot = Math.floorDiv(nowMs, slotMs);
    long from = Math.max(lastSlot + 1, slot - good.length + 1);
    for (long each = from; each <= slot; each++) {
      good[index(each)] = latest.good();
      bad[index(each)] = latest.bad();
    }
    lastSlot = Math.max(lastSlot, slot);
  }

  private int index(long slot) {
    return Math.floorMod(slot, good.length);
  }
}
