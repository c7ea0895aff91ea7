package io.parley.engine;

/**
 * Who gave way to whom so far, and what it took. Immutable.
 *
 * @param preemptions sequences that lost their place
 * @param swapSlots blocks that host memory has room for
 * @param swapSlotsInUse of these, how many hold something
 * @param savedBlocks blocks that were copied there so far
 */
public record PreemptionGauges(
    long preemptions, int swapSlots, int swapSlotsInUse, long savedBlocks) {
  public static final PreemptionGauges NONE = new PreemptionGauges(0, 0, 0, 0);

  PreemptionGauges after(PreemptionGauges earlier) {
    return new PreemptionGauges(
        earlier.preemptions + preemptions,
        swapSlots,
        swapSlotsInUse,
        earlier.savedBlocks + savedBlocks);
  }
}
