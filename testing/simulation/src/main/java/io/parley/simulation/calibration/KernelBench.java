package io.parley.simulation.calibration;

import io.parley.model.decoder.Decoder;
import io.parley.model.decoder.DecoderConfig;
import io.parley.model.decoder.DecoderModel;
import io.parley.model.decoder.ForwardBatch;
import io.parley.model.decoder.KvCache;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;

/**
 * Measures steps of a decoder: the median of each over several rounds, after warm-up. A round plays
 * all steps one after the other, so that what disturbs the machine for a while hits all of them.
 * One thread.
 */
final class KernelBench {
  private static final int BLOCK_TOKENS = 16;
  private static final int LEAST_WARM_UP_ROUNDS = 8;
  private static final int MOST_WARM_UP_ROUNDS = 30;
  private static final int MEASURED_ROUNDS = 15;

  /** So many rounds in which no step got faster are enough: the compiler is done. */
  private static final int QUIET_ROUNDS = 3;

  private static final double FASTER = 0.97;

  private final DecoderConfig config;
  private final Decoder decoder;
  private final LongSupplier cpuNanos;
  private final float[] logits;
  private final int blocksPerSequence;

  /**
   * Makes a decoder that is large enough for the steps.
   *
   * @param cpuNanos processor time of the calling thread: steps longer than a time slice are cut up
   *     on a busy machine, and by the clock on the wall each of them would look slow
   */
  KernelBench(DecoderModel model, LongSupplier cpuNanos, List<StepShape> shapes) {
    int sequences = shapes.stream().mapToInt(StepShape::sequences).max().orElse(1);
    int longest = shapes.stream().mapToInt(StepShape::longest).max().orElse(1);
    int tokens = shapes.stream().mapToInt(StepShape::tokens).max().orElse(1);
    this.config = model.config();
    this.cpuNanos = cpuNanos;
    this.blocksPerSequence = Math.ceilDiv(longest, BLOCK_TOKENS);
    KvCache cache = new KvCache(config, blocksPerSequence * sequences, BLOCK_TOKENS);
    this.decoder = new Decoder(model, cache, tokens);
    this.logits = new float[sequences * config.vocabularySize()];
  }

  /** The time of each step, in nanoseconds. */
  long[] measure(List<StepShape> shapes) {
    decoder.warmUp();
    List<ForwardBatch> batches = shapes.stream().map(this::batch).toList();
    warmUp(batches);
    long[][] rounds = new long[MEASURED_ROUNDS][];
    for (int round = 0; round < MEASURED_ROUNDS; round++) {
      rounds[round] = playRound(batches);
    }
    return IntStream.range(0, batches.size())
        .mapToLong(step -> median(Arrays.stream(rounds).mapToLong(round -> round[step]).toArray()))
        .toArray();
  }

  private void warmUp(List<ForwardBatch> batches) {
    long[] least = new long[batches.size()];
    Arrays.fill(least, Long.MAX_VALUE);
    int quiet = 0;
    for (int round = 0; round < MOST_WARM_UP_ROUNDS && quiet < QUIET_ROUNDS; round++) {
      long[] nanos = playRound(batches);
      boolean faster = false;
      for (int i = 0; i < nanos.length; i++) {
        faster |= nanos[i] < FASTER * least[i];
        least[i] = Math.min(least[i], nanos[i]);
      }
      quiet = faster || round < LEAST_WARM_UP_ROUNDS ? 0 : quiet + 1;
    }
  }

  private long[] playRound(List<ForwardBatch> batches) {
    long[] nanos = new long[batches.size()];
    for (int i = 0; i < nanos.length; i++) {
      long began = cpuNanos.getAsLong();
      decoder.forward(batches.get(i), logits);
      nanos[i] = cpuNanos.getAsLong() - began;
    }
    return nanos;
  }

  private static long median(long[] values) {
    Arrays.sort(values);
    return values[values.length / 2];
  }

  private ForwardBatch batch(StepShape shape) {
    int rows = shape.tokens();
    int[] positions = new int[rows];
    int[] sequence = new int[rows];
    for (int row = 0; row < rows; row++) {
      boolean decodes = row < shape.decoding();
      sequence[row] = Math.min(row, shape.decoding());
      positions[row] = decodes ? shape.context() : shape.chunkStart() + row - shape.decoding();
    }
    int[][] tables =
        IntStream.range(0, shape.sequences()).mapToObj(this::blockTable).toArray(int[][]::new);
    int[] tokens = IntStream.range(0, rows).map(row -> row % config.vocabularySize()).toArray();
    return new ForwardBatch(tokens, positions, sequence, tables, outputRows(shape));
  }

  private static int[] outputRows(StepShape shape) {
    int last = shape.tokens() - 1;
    return IntStream.range(0, shape.sequences())
        .map(i -> i < shape.decoding() ? i : last)
        .toArray();
  }

  private int[] blockTable(int sequence) {
    int first = sequence * blocksPerSequence;
    return IntStream.range(first, first + blocksPerSequence).toArray();
  }
}
