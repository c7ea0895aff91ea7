package io.parley.simulation.trace;

import io.parley.simulation.device.SimulatedVocabulary;

/**
 * One request of a trace.
 *
 * @param number counted from 0 in the order of arrival
 * @param atNanos when it arrives
 * @param tenant whose it is, from 0
 * @param prefixKey the same for prompts that begin alike; {@link #NO_PREFIX} for none
 * @param prefixTokens how many tokens of the prompt are the shared beginning
 * @param promptTokens all tokens of the prompt, at least 1
 * @param outputTokens tokens that the model would say, its end of turn included; at least 1
 * @param maxTokens tokens that the request allows
 * @param leavesAtNanos when the client goes away if its answer is not complete; {@link #STAYS} if
 *     it waits for as long as it takes
 * @param batch whether nobody waits for the answer: a request of the lowest class
 * @param timeLimitNanos the engine's limit for it, or {@link Long#MAX_VALUE}
 */
public record Arrival(
    long number,
    long atNanos,
    int tenant,
    long prefixKey,
    int prefixTokens,
    int promptTokens,
    int outputTokens,
    int maxTokens,
    long leavesAtNanos,
    boolean batch,
    long timeLimitNanos) {
  public static final long NO_PREFIX = 0;
  public static final long STAYS = Long.MAX_VALUE;

  private static final int BITS = 21; // tokens taken from one random number, three bits each

  /**
   * The ids of the prompt: those of the shared beginning depend on its key alone, those after it on
   * this request.
   */
  public int[] prompt() {
    int[] tokens = new int[promptTokens];
    fill(tokens, 0, prefixTokens, prefixKey);
    fill(tokens, prefixTokens, promptTokens, ~number);
    return tokens;
  }

  private static void fill(int[] tokens, int from, int to, long seed) {
    long state = seed;
    long bits = 0;
    for (int i = from; i < to; i++) {
      if ((i - from) % BITS == 0) {
        state += 0x9e3779b97f4a7c15L;
        bits = mix(state) & Long.MAX_VALUE;
      }
      tokens[i] = 1 + (int) ((bits & 7) % (SimulatedVocabulary.SIZE - 1));
      bits >>>= 3;
    }
  }

  private static long mix(long key) {
    long z = (key ^ (key >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
