package io.parley.bench;

import io.parley.common.TimeSource;
import io.parley.model.decoder.Decoder;
import io.parley.model.decoder.DecoderConfig;
import io.parley.model.decoder.DecoderModel;
import io.parley.model.decoder.ForwardBatch;
import io.parley.model.decoder.KvCache;
import io.parley.model.family.Families;
import io.parley.model.gguf.GgufFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * How fast the decoder turns tokens into logits: decode with one, eight and sixteen sequences in a
 * batch, and a long prompt in one piece. Each figure is the best of several runs, after warm-up:
 * what the code can do on this machine when nothing else disturbs it. One thread.
 */
final class EngineBench {
  private static final int BLOCK_TOKENS = 16;
  private static final int DECODE_STEPS = 64;
  private static final int RUNS = 5;
  private static final int MAX_SEQUENCES = 16;

  private final TimeSource time;
  private final DecoderConfig config;
  private final Decoder decoder;
  private final float[] logits;
  private final int promptTokens;
  private final int blocksPerSequence;

  private EngineBench(DecoderModel model, int promptTokens, TimeSource time) {
    this.time = time;
    this.config = model.config();
    this.promptTokens = promptTokens;
    this.blocksPerSequence = Math.ceilDiv(Math.max(promptTokens, DECODE_STEPS), BLOCK_TOKENS);
    KvCache cache = new KvCache(config, blocksPerSequence * MAX_SEQUENCES, BLOCK_TOKENS);
    this.decoder = new Decoder(model, cache, Math.max(promptTokens, MAX_SEQUENCES));
    this.logits = new float[MAX_SEQUENCES * config.vocabularySize()];
  }

  static Report run(Path file, int promptTokens, TimeSource time) throws IOException {
    try (GgufFile gguf = GgufFile.open(file)) {
      EngineBench bench = new EngineBench(Families.load(gguf), promptTokens, time);
      bench.decoder.warmUp();
      return bench.measure(file.getFileName().toString());
    }
  }

  private Report measure(String name) {
    Report report = new Report("engine " + name);
    for (int sequences : new int[] {1, 8, MAX_SEQUENCES}) {
      double tokensPerSecond = best(() -> decode(sequences), sequences * DECODE_STEPS);
      report.add("decode, " + sequences + " sequences", tokensPerSecond, "tokens/s");
    }
    double prefill = best(this::prefill, promptTokens);
    report.add("prefill, " + promptTokens + " tokens", prefill, "tokens/s");
    report.add("time to first token of that prompt", promptTokens / prefill * 1e3, "ms");
    return report;
  }

  private double best(Runnable run, int tokens) {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < RUNS; i++) {
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
