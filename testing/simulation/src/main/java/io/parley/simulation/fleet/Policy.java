package io.parley.simulation.fleet;

import io.parley.serving.routing.RoutingSettings;

/**
 * What can be decided differently about the same requests and devices.
 *
 * @param name for people
 * @param batching when requests reach the scheduler
 * @param maxBatchTokens tokens of a step at most: the size of a prompt's chunks
 * @param routing how replicas are chosen
 * @param prefixCache whether prompts that begin alike share what is computed of them
 * @param sharing who is next
 * @param swapBytes host memory of a replica for what gives way; 0: it is computed again
 */
public record Policy(
    String name,
    Batching batching,
    int maxBatchTokens,
    RoutingSettings routing,
    boolean prefixCache,
    Sharing sharing,
    long swapBytes) {
  private static final long STANDARD_SWAP_BYTES = 64L << 30;

  /** Continuous batching, prefix affinity, prefix cache, fair, swap. */
  public static Policy standard(String name, int maxBatchTokens) {
    return new Policy(
        name,
        Batching.CONTINUOUS,
        maxBatchTokens,
        RoutingSettings.DEFAULT,
        true,
        Sharing.FAIR,
        STANDARD_SWAP_BYTES);
  }

  public Policy with(String otherName, RoutingSettings other) {
    return new Policy(otherName, batching, maxBatchTokens, other, prefixCache, sharing, swapBytes);
  }

  public Policy with(String otherName, Sharing other) {
    return new Policy(otherName, batching, maxBatchTokens, routing, prefixCache, other, swapBytes);
  }

  /** The same with static batching. */
  public Policy statically(String otherName) {
    return new Policy(
        otherName, Batching.STATIC, maxBatchTokens, routing, prefixCache, sharing, swapBytes);
  }

  /** The same with other chunks. */
  public Policy chunked(String otherName, int tokens) {
    return new Policy(otherName, batching, tokens, routing, prefixCache, sharing, swapBytes);
  }

  /** The same, but nothing that is computed of a prompt serves another. */
  public Policy withoutPrefixCache(String otherName) {
    return new Policy(otherName, batching, maxBatchTokens, routing, false, sharing, swapBytes);
  }

  /** The same, but what gives way is computed again. */
  public Policy withoutSwap(String otherName) {
    return new Policy(otherName, batching, maxBatchTokens, routing, prefixCache, sharing, 0);
  }
}
