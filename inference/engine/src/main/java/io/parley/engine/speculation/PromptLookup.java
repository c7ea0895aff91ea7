package io.parley.engine.speculation;

import java.util.Arrays;

/**
 * Guesses that a sequence repeats itself: where its last few tokens stood before, what followed
 * them then follows again. Costs no model, and is often right where answers quote their prompt:
 * code that is edited, documents that are summed up, names that come again. After Saxena, "Prompt
 * Lookup Decoding", 2023.
 */
public final class PromptLookup {
  /** A longer match is a better guess; one token alone says too little. */
  private static final int LONGEST_MATCH = 4;

  private static final int SHORTEST_MATCH = 2;

  /** How far back it looks, in tokens: bounds the work of a step whatever the context. */
  static final int REACH_TOKENS = 8192;

  private static final int[] NOTHING = {};

  private PromptLookup() {}

  /**
   * The tokens that may come next.
   *
   * @param tokens the sequence; only the first {@code length} count
   * @param most guesses wanted, at most
   * @return 0 to {@code most} ids, taken from the latest place that matches longest
   */
  public static int[] guess(int[] tokens, int length, int most) {
    if (most <= 0) {
      return NOTHING;
    }
    for (int match = LONGEST_MATCH; match >= SHORTEST_MATCH; match--) {
      int follower = followerOfMatch(tokens, length, match);
      if (follower >= 0) {
        return Arrays.copyOfRange(tokens, follower, Math.min(length, follower + most));
      }
    }
    return NOTHING;
  }

  /** Where the token stands that followed the last {@code match} tokens before; −1 if nowhere. */
  private static int followerOfMatch(int[] tokens, int length, int match) {
    int suffix = length - match;
    int earliest = Math.max(0, length - REACH_TOKENS);
    for (int start = suffix - 1; start >= earliest; start--) {
      if (Arrays.equals(tokens, start, start + match, tokens, suffix, length)) {
        return start + match;
      }
    }
    return -1;
  }
}
