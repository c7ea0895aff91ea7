package io.parley.bench;

import io.parley.common.TimeSource;
import io.parley.engine.Engine;
import io.parley.engine.EngineLimits;
import io.parley.engine.PrefixCacheSettings;
import io.parley.engine.Scheduler;
import io.parley.engine.SchedulerOptions;
import io.parley.engine.SequenceRequest;
import io.parley.engine.Vocabulary;
import io.parley.engine.sampling.SamplingParameters;
import io.parley.model.decoder.DecoderModel;
import io.parley.model.family.Families;
import io.parley.model.gguf.GgufFile;
import io.parley.ports.model.GenerationEvent.Ended;
import io.parley.ports.model.GenerationEvent.Text;
import io.parley.serving.EngineLoop;
import io.parley.serving.decoder.DecoderRunner;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;

/**
 * How much sooner the first token of a prompt comes if the engine has computed most of it before.
 * One prompt after the other goes through the engine's own loop; each figure is the median of
 * several, after warm-up, and the kinds of prompt take turns, so that a disturbance of the machine
 * hits all of them.
 */
final class PrefixBench {
  private static final int BLOCK_TOKENS = 16;
  private static final int BATCH_TOKENS = 512;
  private static final int RUNS = 7;
  private static final int WARM_UP_RUNS = 3;

  private final TimeSource time;
  private final DecoderModel model;
  private final int promptTokens;
  private final int sharedTokens;
  private final SplittableRandom random = new SplittableRandom(1);

  private PrefixBench(DecoderModel model, int promptTokens, int sharedPercent, TimeSource time) {
    this.time = time;
    this.model = model;
    this.promptTokens = promptTokens;
    this.sharedTokens = (int) ((long) promptTokens * sharedPercent / 100);
  }

  static Report run(Path file, int promptTokens, int sharedPercent, TimeSource time)
      throws IOException, InterruptedException {
    try (GgufFile gguf = GgufFile.open(file)) {
      PrefixBench bench = new PrefixBench(Families.load(gguf), promptTokens, sharedPercent, time);
      Report report = new Report("prefix cache " + file.getFileName());
      bench.measure(report, sharedPercent);
      return report;
    }
  }

  private void measure(Report report, int sharedPercent) throws InterruptedException {
    EngineLoop without = start(PrefixCacheSettings.OFF);
    EngineLoop with = start(PrefixCacheSettings.withSecretFrom(random));
    int[] shared = tokens(sharedTokens);
    double[] off = new double[RUNS];
    double[] cold = new double[RUNS];
    double[] warm = new double[RUNS];
    for (int run = -WARM_UP_RUNS; run < RUNS; run++) {
      int slot = Math.max(run, 0);
      off[slot] = firstTokenMs(without, prompt(shared));
      cold[slot] = firstTokenMs(with, tokens(promptTokens));
      warm[slot] = firstTokenMs(with, prompt(shared));
    }
    String prompt = promptTokens + " tokens, ";
    report.add("first token of " + prompt + "no cache", median(off), "ms");
    report.add("the same, cache, nothing in common", median(cold), "ms");
    report.add("the same, cache, " + sharedPercent + " % in common", median(warm), "ms");
    report.add("sooner by a factor of", median(off) / median(warm), "");
    without.close(Duration.ZERO);
    with.close(Duration.ZERO);
  }

  private EngineLoop start(PrefixCacheSettings prefixCache) {
    int context = Math.min(model.config().contextTokens(), promptTokens + BLOCK_TOKENS);
    int blocks = 8 * Math.ceilDiv(context, BLOCK_TOKENS);
    EngineLimits limits = new EngineLimits(context, blocks, BLOCK_TOKENS, BATCH_TOKENS, 8, 8);
    Vocabulary vocabulary = new Wordless(model.config().vocabularySize());
    DecoderRunner runner = new DecoderRunner(model, limits, 8, time);
    runner.warmUp();
    return EngineLoop.start(
        limits,
        () ->
            new Engine(
                new Scheduler(limits, vocabulary, SchedulerOptions.PLAIN.with(prefixCache)),
                runner,
                time),
        time,
        Thread.ofPlatform().name("engine").daemon().factory());
  }

  private int[] tokens(int count) {
    return random.ints(count, 0, model.config().vocabularySize()).toArray();
  }

  private int[] prompt(int[] shared) {
    int[] prompt = tokens(promptTokens);
    System.arraycopy(shared, 0, prompt, 0, shared.length);
    return prompt;
  }

  private double firstTokenMs(EngineLoop loop, int[] prompt) throws InterruptedException {
    SequenceRequest request = new SequenceRequest(prompt, 1, SamplingParameters.GREEDY, List.of());
    CountDownLatch ended = new CountDownLatch(1);
    long[] firstNanos = {0};
    long began = time.nanoTime();
    loop.submit(
        "bench",
        request,
        event -> {
          if (event instanceof Text) {
            firstNanos[0] = time.nanoTime();
          } else if (event instanceof Ended) {
            ended.countDown();
          }
        });
    ended.await();
    return (firstNanos[0] - began) / 1e6;
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  /** Every token is a letter, and none ends the turn: what the model says does not matter here. */
  private record Wordless(int size) implements Vocabulary {
    @Override
    public byte[] bytes(int token) {
      return new byte[] {'x'};
    }

    @Override
    public boolean isEndOfTurn(int token) {
      return false;
    }
  }
}
