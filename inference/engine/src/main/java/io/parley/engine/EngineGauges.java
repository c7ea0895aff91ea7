package io.parley.engine;

/**
 * What an engine is doing, at one moment. Immutable.
 *
 * @param waiting sequences without blocks
 * @param running sequences with blocks
 * @param blocks blocks of key-value cache
 * @param blocksInUse of these, how many sequences hold; one that several share counts once
 * @param steps steps so far
 * @param tokensComputed tokens that went through the model so far, of prompts and answers
 * @param tokensGenerated tokens drawn so far
 * @param prefixCache how much of the prompts was computed already
 * @param speculation how much was guessed ahead
 * @param preemption who gave way
 */
public record EngineGauges(
    int waiting,
    int running,
    int blocks,
    int blocksInUse,
    long steps,
    long tokensComputed,
    long tokensGenerated,
    PrefixCacheGauges prefixCache,
    SpeculationGauges speculation,
    PreemptionGauges preemption) {
  /** Of an engine that does not exist yet. */
  public static final EngineGauges NOTHING_YET =
      new EngineGauges(
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          PrefixCacheGauges.UNUSED,
          SpeculationGauges.UNUSED,
          PreemptionGauges.NONE);

  /** These gauges with the counts of an engine that came before. */
  public EngineGauges after(EngineGauges earlier) {
    return new EngineGauges(
        waiting,
        running,
        blocks,
        blocksInUse,
        earlier.steps + steps,
        earlier.tokensComputed + tokensComputed,
        earlier.tokensGenerated + tokensGenerated,
        prefixCache.after(earlier.prefixCache),
        speculation.after(earlier.speculation),
        preemption.after(earlier.preemption));
  }

  /** These gauges with another count of those who wait. */
  public EngineGauges withWaiting(int count) {
    return new EngineGauges(
        count,
        running,
        blocks,
        blocksInUse,
        steps,
        tokensComputed,
        tokensGenerated,
        prefixCache,
        speculation,
        preemption);
  }
}
