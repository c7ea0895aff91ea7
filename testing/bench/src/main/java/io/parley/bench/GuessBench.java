package io.parley.bench;

import io.parley.common.TimeSource;
import io.parley.engine.SpeculationGauges;
import io.parley.ports.model.Generation;
import io.parley.ports.model.GenerationEvent.Ended;
import io.parley.ports.model.GenerationRequest;
import io.parley.ports.model.Prompt;
import io.parley.ports.model.Sampling;
import io.parley.serving.AliasTable;
import io.parley.serving.LocalModelPool;
import io.parley.serving.decoder.ModelLoader;
import io.parley.serving.decoder.ModelSettings;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What guessing ahead is worth to one stream: the same questions, one after the other, to the same
 * model without guesses, with prompt look-up, and with a draft model. The ways take turns, so that
 * a disturbance of the machine hits all of them; each figure is of the median round.
 */
final class GuessBench {
  private static final String MODEL = "model";
  private static final int ROUNDS = 7;
  private static final int WARM_UP_ROUNDS = 3;
  private static final int MAX_TOKENS = 64;

  /** Some whose answers quote them, and some whose answers do not. */
  private static final List<String> QUESTIONS =
      List.of(
          "What is the capital of France?",
          "My name is Olga and I live in Berlin. What is my name?",
          "What is 27 + 58?",
          "Repeat after me: the quick brown fox jumps over the lazy dog.",
          "Which planet is the largest?",
          "What is a key-value cache?",
          "Write the word lantern in capital letters.",
          "Who painted the picture in my kitchen?");

  private GuessBench() {}

  /** Compares the ways; {@code draft} may be empty. */
  static Report run(Path model, Optional<Path> draft, TimeSource time) throws InterruptedException {
    Map<String, LocalModelPool> ways = new LinkedHashMap<>();
    ways.put("without guesses", pool(model, 0, Optional.empty(), time));
    ways.put("prompt look-up", pool(model, 4, Optional.empty(), time));
    draft.ifPresent(file -> ways.put("draft model", pool(model, 4, draft, time)));
    Map<String, double[]> rates = new LinkedHashMap<>();
    for (int round = -WARM_UP_ROUNDS; round < ROUNDS; round++) {
      for (Map.Entry<String, LocalModelPool> way : ways.entrySet()) {
        rates.computeIfAbsent(way.getKey(), _ -> new double[ROUNDS])[Math.max(0, round)] =
            tokensPerSecond(way.getValue(), time);
      }
    }
    Report report = new Report("guessing ahead " + model.getFileName());
    rates.forEach((way, all) -> report.add(way, median(all), "tokens/s"));
    ways.forEach((way, pool) -> addShare(report, way, pool.gauges(MODEL).speculation()));
    ways.values().forEach(LocalModelPool::close);
    return report;
  }

  private static LocalModelPool pool(
      Path model, int maxDraftTokens, Optional<Path> draft, TimeSource time) {
    ModelSettings defaults = ModelSettings.of(MODEL, model);
    ModelSettings settings =
        new ModelSettings(
            MODEL,
            model,
            64L << 20,
            defaults.kvCacheType(),
            defaults.blockTokens(),
            defaults.maxBatchTokens(),
            defaults.maxSequences(),
            defaults.maxWaiting(),
            defaults.maxWaitMs(),
            false,
            maxDraftTokens,
            draft,
            0);
    ModelLoader loader = new ModelLoader(time, new SplittableRandom(1));
    return new LocalModelPool(
        List.of(loader.load(settings)), AliasTable.EMPTY, new SplittableRandom(1));
  }

  private static double tokensPerSecond(LocalModelPool pool, TimeSource time)
      throws InterruptedException {
    long began = time.nanoTime();
    int tokens = 0;
    for (String question : QUESTIONS) {
      tokens += answerTokens(pool, question);
    }
    return tokens / ((time.nanoTime() - began) / 1e9);
  }

  private static int answerTokens(LocalModelPool pool, String question)
      throws InterruptedException {
    Prompt prompt = new Prompt("", List.of(new Prompt.Turn(Prompt.Role.USER, question)));
    CountDownLatch ended = new CountDownLatch(1);
    AtomicInteger tokens = new AtomicInteger();
    Generation generation =
        pool.generate(
            new GenerationRequest(
                "bench", "bench", MODEL, prompt, MAX_TOKENS, Sampling.GREEDY, List.of()),
            event -> {
              if (event instanceof Ended end) {
                tokens.set(end.usage().outputTokens());
                ended.countDown();
              }
            });
    ended.await();
    generation.cancel(); // nothing is left of it
    return tokens.get();
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  private static void addShare(Report report, String way, SpeculationGauges gauges) {
    if (gauges.guessesChecked() > 0) {
      report.add(
          way + ": guesses that were right",
          100.0 * gauges.guessesRight() / gauges.guessesChecked(),
          "%");
    }
  }
}
