package io.parley.engine;

/**
 * What the prefix cache of an engine is worth, at one moment. Immutable.
 *
 * @param idleBlocks blocks that no sequence holds, kept until their room is needed
 * @param hitTokens tokens that admitted sequences found computed so far
 * @param lookupTokens all tokens that these sequences came with
 * @param evictions blocks given up so far to make room
 */
public record PrefixCacheGauges(int idleBlocks, long hitTokens, long lookupTokens, long evictions) {
  /** Of a cache that has not been used. */
  public static final PrefixCacheGauges UNUSED = new PrefixCacheGauges(0, 0, 0, 0);

  /** These gauges with the counts of a cache that came before. */
  public PrefixCacheGauges after(PrefixCacheGauges earlier) {
    return new PrefixCacheGauges(
        idleBlocks,
        earlier.hitTokens + hitTokens,
        earlier.lookupTokens + lookupTokens,
        earlier.evictions + evictions);
  }
}
