package io.parley.engine;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * A pseudo-model: the logits are a pure function of the tokens of the sequence, so they do not
 * depend on batching. It keeps the tokens as a model keeps keys and values, in blocks, and reads
 * them back from there: a block that two sequences held would change what both say. With a short
 * memory it soon repeats itself.
 */
final class ScriptedRunner implements ModelRunner {
  /** Blocks that it can keep in host memory. */
  static final int HOST_SLOTS = 64;

  private static final int NOTHING = -1;

  private final int[] cache;
  private final int[] host;
  private final int blockTokens;
  private final int vocabularySize;
  private final int memoryTokens;

  ScriptedRunner(int blocks, int blockTokens, int vocabularySize) {
    this(blocks, blockTokens, vocabularySize, Integer.MAX_VALUE);
  }

  /**
   * A runner that forgets.
   *
   * @param memoryTokens how many of the last tokens the logits depend on
   */
  ScriptedRunner(int blocks, int blockTokens, int vocabularySize, int memoryTokens) {
    this.memoryTokens = memoryTokens;
    this.cache = new int[blocks * blockTokens];
    this.host = new int[HOST_SLOTS * blockTokens];
    this.blockTokens = blockTokens;
    this.vocabularySize = vocabularySize;
    Arrays.fill(cache, NOTHING);
  }

  @Override
  public StepResult run(StepPlan plan) {
    plan.copies().forEach(this::copy);
    plan.sequences().forEach(this::store);
    float[] logits = new float[plan.rows() * vocabularySize];
    int row = 0;
    for (ScheduledSequence part : plan.sequences()) {
      int length = part.tokens().length;
      for (int count = length - part.logitsRows() + 1; count <= length; count++) {
        think(part, count, logits, row++ * vocabularySize);
      }
    }
    return new StepResult(logits, row, vocabularySize, plan.copies().size());
  }

  private void copy(BlockCopy copy) {
    int at = copy.block() * blockTokens;
    int hostAt = copy.slot() * blockTokens;
    switch (copy.direction()) {
      case TO_HOST -> System.arraycopy(cache, at, host, hostAt, blockTokens);
      case FROM_HOST -> System.arraycopy(host, hostAt, cache, at, blockTokens);
    }
  }

  private void store(ScheduledSequence part) {
    for (int i = 0; i < part.tokens().length; i++) {
      cache[slot(part, part.startPosition() + i)] = part.tokens()[i];
    }
  }

  /** The logits after the first {@code count} tokens of the part. */
  private void think(ScheduledSequence part, int count, float[] logits, int offset) {
    long hash = 0;
    int end = part.startPosition() + count;
    for (int position = Math.max(0, end - memoryTokens); position < end; position++) {
      hash = hash * 31 + cache[slot(part, position)] + 7;
    }
    SplittableRandom random = new SplittableRandom(hash);
    boolean ill = random.nextInt(200) == 0;
    for (int token = 0; token < vocabularySize; token++) {
      logits[offset + token] = ill ? Float.NaN : (float) (random.nextDouble() * 6);
    }
  }

  private int slot(ScheduledSequence part, int position) {
    return part.blockTable()[position / blockTokens] * blockTokens + position % blockTokens;
  }
}
