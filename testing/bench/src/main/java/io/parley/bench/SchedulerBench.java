package io.parley.bench;

import io.parley.common.TimeSource;
import io.parley.engine.EngineEvent;
import io.parley.engine.EngineEvent.Ended;
import io.parley.engine.EngineLimits;
import io.parley.engine.Scheduler;
import io.parley.engine.StepPlan;
import io.parley.engine.StepResult;
import io.parley.model.decoder.DecoderModel;
import io.parley.model.family.Families;
import io.parley.model.gguf.GgufFile;
import io.parley.serving.decoder.DecoderRunner;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * What the scheduler costs beside the model: the time of {@code schedule}, {@code update} and
 * {@code checkSums} in each step, with the real decoder's step between them, which leaves the
 * caches of the processor as they are in production. Workloads: {@link Workload#all}.
 *
 * <p>Drawing tokens is work over the vocabulary, not scheduling. So the scheduler is shown a small
 * vocabulary ({@link ScriptedWords}), from which it draws at next to no cost, and drawing from the
 * model's real logits is timed beside it, at several settings.
 *
 * <p>Figures are means over the steps, garbage collection included. First the same steps run
 * without a model, some thousands of them, until the compiler is done.
 */
final class SchedulerBench {
  private static final int BLOCK_TOKENS = 16;
  private static final int BATCH_TOKENS = 512;
  private static final int WARM_UP_STEPS = 4000;
  private static final int MEASURED_STEPS = 150;

  private final DecoderModel model;
  private final TimeSource time;
  private final int sequences;
  private long nextId;

  private SchedulerBench(DecoderModel model, int sequences, TimeSource time) {
    this.model = model;
    this.sequences = sequences;
    this.time = time;
  }

  static Report run(Path file, int sequences, TimeSource time) throws IOException {
    try (GgufFile gguf = GgufFile.open(file)) {
      DecoderModel model = Families.load(gguf);
      return new SchedulerBench(model, sequences, time).measure(file.getFileName().toString());
    }
  }

  private Report measure(String name) {
    Report report =
        new Report("scheduler, %d sequences of %s on one thread".formatted(sequences, name));
    for (Workload workload : Workload.all(model.config().contextTokens())) {
      EngineLimits limits = limits(workload);
      play(workload, limits, (_, _) -> {}, WARM_UP_STEPS);
      TimedModel timed = withModel(limits);
      play(workload, limits, timed::run, MEASURED_STEPS).addTo(report, workload.name());
    }
    return report;
  }

  /** Twice the memory that what runs can need: a prefix cache has something to keep. */
  private EngineLimits limits(Workload workload) {
    int tokens = workload.longestTokens();
    int blocks = 2 * sequences * Math.ceilDiv(tokens, BLOCK_TOKENS);
    return new EngineLimits(
        tokens, blocks, BLOCK_TOKENS, Math.max(BATCH_TOKENS, sequences), sequences, 2 * sequences);
  }

  private TimedModel withModel(EngineLimits limits) {
    DecoderRunner runner = new DecoderRunner(model, limits, limits.maxBatchTokens(), time);
    runner.warmUp();
    return new TimedModel(runner, model.config().vocabularySize(), time);
  }

  /** Plays until so many steps were of the kind that the workload is about, and returns those. */
  private StepTimes play(
      Workload workload, EngineLimits limits, BiConsumer<StepPlan, StepTimes> model, int steps) {
    Scheduler scheduler = new Scheduler(limits, Words.INSTANCE, workload.options());
    ScriptedWords words = new ScriptedWords(workload.repeating());
    StepTimes sum = new StepTimes();
    int missing = 2 * sequences;
    while (sum.steps() < steps) {
      submit(scheduler, workload, missing);
      StepTimes step = new StepTimes();
      long began = time.nanoTime();
      StepPlan plan = scheduler.schedule(began);
      step.schedule = time.nanoTime() - began;
      StepResult result = words.run(plan);
      model.accept(plan, step);
      missing = update(scheduler, plan, result, step);
      if (workload.isAbout(plan, sequences)) {
        sum.add(step, plan);
      }
    }
    return sum;
  }

  private void submit(Scheduler scheduler, Workload workload, int count) {
    for (int i = 0; i < count; i++) {
      scheduler.submit(nextId, workload.request(nextId), time.nanoTime());
      nextId++;
    }
  }

  /** Returns how many sequences have ended. */
  private int update(Scheduler scheduler, StepPlan plan, StepResult result, StepTimes step) {
    long began = time.nanoTime();
    List<EngineEvent> events = scheduler.update(plan, result, began);
    long updated = time.nanoTime();
    scheduler.checkSums();
    step.update = updated - began;
    step.checkSums = time.nanoTime() - updated;
    return (int) events.stream().filter(Ended.class::isInstance).count();
  }
}
