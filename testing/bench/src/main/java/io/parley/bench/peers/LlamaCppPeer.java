package io.parley.bench.peers;

import io.parley.common.TimeSource;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.IntConsumer;

/**
 * The process that measures llama.cpp: decode with 1, 8 and 16 sequences in a batch and a long
 * prompt in one piece, as {@code EngineBench} does, the best of several runs each.
 */
public final class LlamaCppPeer {
  private static final int[] SEQUENCES = {1, 8, 16};
  private static final int DECODE_STEPS = 32;
  private static final int LEAST_RUNS = 5;
  private static final long LEAST_NANOS = 3_000_000_000L;

  private final TimeSource time = TimeSource.system();
  private final LlamaCpp llama;
  private final int promptTokens;

  private LlamaCppPeer(LlamaCpp llama, int promptTokens) {
    this.llama = llama;
    this.promptTokens = promptTokens;
  }

  /**
   * Measures and prints {@code NAME=TOKENS_PER_SECOND} lines.
   *
   * @param arguments directory of the libraries, model file, threads, tokens of the prompt
   */
  public static void main(String[] arguments) throws IOException {
    int threads = Integer.parseInt(arguments[2]);
    int promptTokens = Integer.parseInt(arguments[3]);
    try (Arena arena = Arena.ofConfined()) {
      LlamaCpp llama =
          LlamaCpp.load(arena, Path.of(arguments[0]), Path.of(arguments[1]), threads, promptTokens);
      new LlamaCppPeer(llama, promptTokens).measure();
    }
    System.exit(0); // its threads would hold the process
  }

  private void measure() {
    for (int sequences : SEQUENCES) {
      double best = best(run -> decode(sequences), sequences * DECODE_STEPS);
      print("decode-" + sequences, best);
    }
    print("prefill", best(run -> prefill(), promptTokens));
  }

  private static void print(String name, double value) {
    System.out.printf(Locale.ROOT, "%s=%.3f%n", name, value);
  }

  private double best(IntConsumer run, int tokens) {
    long least = Long.MAX_VALUE;
    long began = time.nanoTime();
    for (int i = 0; i < LEAST_RUNS || time.nanoTime() - began < LEAST_NANOS; i++) {
      llama.clear();
      long start = time.nanoTime();
      run.accept(i);
      least = Math.min(least, time.nanoTime() - start);
    }
    return tokens * 1e9 / least;
  }

  private void decode(int sequences) {
    for (int position = 0; position < DECODE_STEPS; position++) {
      llama.begin(sequences);
      for (int sequence = 0; sequence < sequences; sequence++) {
        llama.put(sequence, position, position, sequence, true);
      }
      llama.decode();
    }
  }

  private void prefill() {
    llama.begin(promptTokens);
    for (int i = 0; i < promptTokens; i++) {
      llama.put(i, i, i, 0, i == promptTokens - 1);
    }
    llama.decode();
  }
}
