package io.parley.engine;

import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;

/**
 * How much one engine takes on. Immutable.
 *
 * @param contextTokens prompt and answer of one sequence together, at most, in tokens
 * @param blocks blocks of key-value cache; they hold at least one full context
 * @param blockTokens tokens in a block
 * @param maxBatchTokens tokens computed in one step, all sequences together; at least {@code
 *     maxSequences}, so that every running sequence moves in every step
 * @param maxSequences sequences that hold blocks at the same time
 * @param maxWaiting sequences that wait for blocks; one more is refused with OVERLOADED, or takes
 *     the place of one with less right to it
 */
public record EngineLimits(
    int contextTokens,
    int blocks,
    int blockTokens,
    int maxBatchTokens,
    int maxSequences,
    int maxWaiting) {
  public static final int DEFAULT_BLOCK_TOKENS = 16;

  public EngineLimits {
    // A context of one token could hold no answer to any prompt.
    atLeast(2, contextTokens, "context_tokens");
    atLeast(1, blockTokens, "block_tokens");
    atLeast(1, maxSequences, "max_sequences");
    atLeast(1, maxWaiting, "max_waiting");
    atLeast(maxSequences, maxBatchTokens, "max_batch_tokens (not below max_sequences)");
    atLeast(blocksFor(contextTokens, blockTokens), blocks, "blocks (enough for one full context)");
  }

  /** The most tokens that a sequence can come to: its prompt and all that it may generate. */
  public int worstCaseTokens(SequenceRequest request) {
    return (int)
        Math.min(contextTokens, (long) request.promptTokens().length + request.maxTokens());
  }

  /** Blocks that hold the worst case of a sequence. */
  public int worstCaseBlocks(SequenceRequest request) {
    return blocksFor(worstCaseTokens(request), blockTokens);
  }

  /**
   * Refuses what could never run, whatever else runs. Safe to call from any thread.
   *
   * @throws ParleyException INVALID_REQUEST if the prompt leaves no room for an answer
   */
  public void requireRoomFor(SequenceRequest request) {
    int prompt = request.promptTokens().length;
    if (prompt >= contextTokens) {
      throw new ParleyException(
          ErrorCode.INVALID_REQUEST,
          "messages: the prompt is too long: %d tokens, and the model's context of %d leaves room for %d"
              .formatted(prompt, contextTokens, contextTokens - 1));
    }
  }

  private static int blocksFor(int tokens, int blockTokens) {
    return Math.ceilDiv(tokens, blockTokens);
  }

  private static void atLeast(int least, int value, String field) {
    if (value < least) {
      throw ParleyException.invalid("%s must be at least %d: %d".formatted(field, least, value));
    }
  }
}
