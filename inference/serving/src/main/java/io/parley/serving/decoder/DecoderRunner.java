package io.parley.serving.decoder;

import io.parley.common.TimeSource;
import io.parley.engine.EngineLimits;
import io.parley.engine.ModelRunner;
import io.parley.engine.ScheduledSequence;
import io.parley.engine.StepPlan;
import io.parley.engine.StepResult;
import io.parley.model.decoder.Decoder;
import io.parley.model.decoder.DecoderConfig;
import io.parley.model.decoder.DecoderModel;
import io.parley.model.decoder.ForwardBatch;
import io.parley.model.decoder.KvCache;
import io.parley.model.decoder.KvCacheType;
import io.parley.model.kernel.ComputePool;
import java.util.Arrays;

/**
 * Runs steps on a decoder: makes the copies, then every token of a plan is a row of one batch. Not
 * thread-safe; belongs to the thread of its engine.
 */
public final class DecoderRunner implements ModelRunner {
  private final Decoder decoder;
  private final BlockCopies copies;
  private final int vocabularySize;
  private final int mostLogits;
  private float[] logits;

  /**
   * Allocates the key-value cache and memory for a row of logits of each sequence. Memory for more
   * is allocated when a plan wants more, and host memory for swapped blocks when the first one is
   * saved.
   *
   * @param limits of the engine: blocks, and tokens of a plan at most
   * @param swapSlots blocks that wait in host memory at most
   * @param maxLogitsRows rows of logits that a plan wants at most
   * @param kvCacheType how keys and values are stored
   * @param compute shares the work
   */
  public DecoderRunner(
      DecoderModel model,
      EngineLimits limits,
      int swapSlots,
      int maxLogitsRows,
      KvCacheType kvCacheType,
      ComputePool compute,
      TimeSource time) {
    DecoderConfig config = model.config();
    KvCache cache = new KvCache(config, limits.blocks(), limits.blockTokens(), kvCacheType);
    this.decoder = new Decoder(model, cache, limits.maxBatchTokens(), compute);
    this.copies =
        new BlockCopies(
            cache, () -> new KvCache(config, swapSlots, limits.blockTokens(), kvCacheType), time);
    this.vocabularySize = config.vocabularySize();
    this.mostLogits = Math.multiplyExact(maxLogitsRows, vocabularySize);
    this.logits = new float[Math.min(mostLogits, limits.maxSequences() * vocabularySize)];
  }

  /** A runner that swaps nothing, keeps full precision and computes on its thread alone. */
  public DecoderRunner(
      DecoderModel model, EngineLimits limits, int maxLogitsRows, TimeSource time) {
    this(model, limits, 0, maxLogitsRows, KvCacheType.F32, ComputePool.alone(), time);
  }

  /** See {@link Decoder#warmUp}. */
  public void warmUp() {
    decoder.warmUp();
  }

  @Override
  public StepResult run(StepPlan plan) {
    long copyNanos = copies.make(plan.copies());
    if (plan.sequences().isEmpty()) {
      return new StepResult(logits, 0, vocabularySize, copyNanos);
    }
    ForwardBatch batch = batch(plan);
    decoder.forward(batch, logits(batch.outputRows().length));
    return new StepResult(logits, batch.outputRows().length, vocabularySize, copyNanos);
  }

  /** Only guesses take more than a row for each sequence, and not all models get any. */
  private float[] logits(int rows) {
    if (logits.length < rows * vocabularySize) {
      logits = new float[mostLogits];
    }
    return logits;
  }

  private static ForwardBatch batch(StepPlan plan) {
    int rows = plan.tokens();
    ForwardBatch batch =
        new ForwardBatch(
            new int[rows],
            new int[rows],
            new int[rows],
            new int[plan.sequences().size()][],
            new int[plan.rows()]);
    int row = 0;
    int output = 0;
    for (int i = 0; i < plan.sequences().size(); i++) {
      ScheduledSequence part = plan.sequences().get(i);
      fill(batch, row, i, part);
      row += part.tokens().length;
      for (int back = part.logitsRows(); back > 0; back--) {
        batch.outputRows()[output++] = row - back;
      }
    }
    return batch;
  }

  private static void fill(ForwardBatch batch, int from, int sequence, ScheduledSequence part) {
    int count = part.tokens().length;
    System.arraycopy(part.tokens(), 0, batch.tokens(), from, count);
    Arrays.fill(batch.sequence(), from, from + count, sequence);
    for (int i = 0; i < count; i++) {
      batch.positions()[from + i] = part.startPosition() + i;
    }
    batch.blockTables()[sequence] = part.blockTable();
  }
}
