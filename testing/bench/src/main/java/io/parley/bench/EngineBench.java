package io.parley.bench;

import io.parley.common.TimeSource;
import io.parley.model.decoder.Decoder;
import io.parley.model.decoder.DecoderConfig;
import io.parley.model.decoder.DecoderModel;
import io.parley.model.decoder.ForwardBatch;
import io.parley.model.decoder.KvCache;
import io.parley.model.family.Families;
import io.parley.model.gguf.GgufFile;
import io.parley.model.kernel.ComputePool;
import io.parley.model.kernel.Kernels;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * How fast the decoder turns tokens into logits: decode with one, eight and sixteen sequences in a
 * batch, and a long prompt in one piece. Each figure is the best of several runs, after warm-up:
 * what the code can do on this machine when nothing else disturbs it.
 */
final class EngineBench {
  private static final int BLOCK_TOKENS = 16;
  private static final int DECODE_STEPS = 32;
  private static final int LEAST_RUNS = 5;

  /** The just-in-time compiler may still be at work when a measurement begins. */
  private static final long LEAST_NANOS = 3_000_000_000L;

  private static final int MAX_SEQUENCES = 16;

  private final TimeSource time;
  private final DecoderConfig config;
  private final Decoder decoder;
  private final float[] logits;
  private final int promptTokens;
  private final int blocksPerSequence;

  private EngineBench(DecoderModel model, int promptTokens, ComputePool compute, TimeSource time) {
    this.time = time;
    this.config = model.config();
    this.promptTokens = promptTokens;
    this.blocksPerSequence = Math.ceilDiv(Math.max(promptTokens, DECODE_STEPS), BLOCK_TOKENS);
    KvCache cache = new KvCache(config, blocksPerSequence * MAX_SEQUENCES, BLOCK_TOKENS);
    this.decoder = new Decoder(model, cache, Math.max(promptTokens, MAX_SEQUENCES), compute);
    this.logits = new float[MAX_SEQUENCES * config.vocabularySize()];
  }

  /**
   * Measures a model.
   *
   * @param threads that compute
   */
  static Speeds run(Path file, int promptTokens, int threads, Kernels kernels, TimeSource time)
      throws IOException {
    try (GgufFile gguf = GgufFile.open(file);
        ComputePool compute =
            ComputePool.of(threads, Thread.ofPlatform().name("compute-", 1).daemon().factory())) {
      EngineBench bench =
          new EngineBench(Families.load(gguf, kernels), promptTokens, compute, time);
      bench.decoder.warmUp();
      return bench.measure();
    }
  }

  private Speeds measure() {
    Map<Integer, Double> decode = new LinkedHashMap<>();
    for (int sequences : Speeds.SEQUENCES) {
      decode.put(sequences, best(() -> decode(sequences), sequences * DECODE_STEPS));
    }
    return new Speeds(decode, best(this::prefill, promptTokens));
  }

  private double best(Runnable run, int tokens) {
    long least = Long.MAX_VALUE;
    long began = time.nanoTime();
    for (int i = 0; i < LEAST_RUNS || time.nanoTime() - began < LEAST_NANOS; i++) {
      long start = time.nanoTime();
      run.run();
      least = Math.min(least, time.nanoTime() - start);
    }
    return tokens * 1e9 / least;
  }

  private void decode(int sequences) {
    int[] rows = IntStream.range(0, sequences).toArray();
    int[][] tables = Arrays.stream(rows).mapToObj(this::blockTable).toArray(int[][]::new);
    int[] tokens = new int[sequences];
    for (int position = 0; position < DECODE_STEPS; position++) {
      int[] positions = new int[sequences];
      Arrays.fill(positions, position);
      Arrays.fill(tokens, position % config.vocabularySize());
      decoder.forward(new ForwardBatch(tokens, positions, rows, tables, rows), logits);
    }
  }

  private void prefill() {
    int[] positions = IntStream.range(0, promptTokens).toArray();
    int[] tokens = Arrays.stream(positions).map(i -> i % config.vocabularySize()).toArray();
    int[][] tables = {blockTable(0)};
    int[] last = {promptTokens - 1};
    decoder.forward(
        new ForwardBatch(tokens, positions, new int[promptTokens], tables, last), logits);
  }

  private int[] blockTable(int sequence) {
    int first = sequence * blocksPerSequence;
    return IntStream.range(first, first + blocksPerSequence).toArray();
  }
}
