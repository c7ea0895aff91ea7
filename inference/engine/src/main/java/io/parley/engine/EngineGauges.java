package io.parley.engine;

/**
 * What an engine is doing, at one moment. Immutable.
 *
 * @param waiting sequences without blocks
 * @param running sequences with blocks
 * @param blocks blocks of key-value cache
 * @param blocksInUse of these, how many a sequence holds
 * @param steps steps so far
 * @param tokensComputed tokens that went through the model so far, of prompts and answers
 * @param tokensGenerated tokens drawn so far
 */
public record EngineGauges(
    int waiting,
    int running,
    int blocks,
    int blocksInUse,
    long steps,
    long tokensComputed,
    long tokensGenerated) {
  /** These gauges with the counts of an engine that came before. */
  public EngineGauges after(EngineGauges earlier) {
    return new EngineGauges(
        waiting,
        running,
        blocks,
        blocksInUse,
        earlier.steps + steps,
        earlier.tokensComputed + tokensComputed,
        earlier.tokensGenerated + tokensGenerated);
  }
}
