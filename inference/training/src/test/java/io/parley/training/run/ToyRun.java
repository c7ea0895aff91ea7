package io.parley.training.run;

import io.parley.common.TimeSource;
import io.parley.model.tokenizer.BytePairTokenizer;
import io.parley.model.tokenizer.Vocabulary;
import io.parley.training.batch.BatchSettings;
import io.parley.training.batch.BatchSource;
import io.parley.training.bpe.BpeTrainer;
import io.parley.training.checkpoint.CheckpointDirectory;
import io.parley.training.corpus.Conversation;
import io.parley.training.corpus.Message;
import io.parley.training.corpus.Role;
import io.parley.training.llama.LlamaLoss;
import io.parley.training.llama.LlamaShape;
import io.parley.training.llama.LossFunction;
import io.parley.training.llama.Precision;
import io.parley.training.optim.Collective;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * A run on a handful of sentences. As a program it is the process that a test kills: {@code ToyRun
 * DIRECTORY LAST_STEP} says after every step that it was done, and does not go past LAST_STEP.
 */
public final class ToyRun {
  static final int STEPS = 40;

  private static final List<String> QUESTIONS =
      List.of("who are you", "one and one", "sing", "the sky", "spell cat", "good bye");
  private static final List<String> ANSWERS =
      List.of("I am a toy.", "two", "la la la", "is blue", "c a t", "see you soon");

  private ToyRun() {}

  /** Says {@code went on after N}, then {@code step N} for each step that is in a checkpoint. */
  public static void main(String[] arguments) throws Exception {
    long last = Long.parseLong(arguments[1]);
    try (LossFunction function = function(Precision.BF16)) {
      TrainingRun run =
          run(settings(Precision.BF16), function, Path.of(arguments[0]), new HurryingTime());
      System.out.println("went on after " + run.step());
      run.run(
          (report, totalSteps) -> {
            System.out.println("step " + report.step());
            if (report.step() == last) {
              waitToBeKilled();
            }
          });
    }
  }

  private static void waitToBeKilled() {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  static TrainingRun run(
      TrainingSettings settings, LossFunction function, Path directory, TimeSource time)
      throws IOException {
    BatchSource data =
        new BatchSource(
            ToyRun::conversation, new BytePairTokenizer(vocabulary())::encode, settings.batch());
    return new TrainingRun(
        settings,
        new Budget.Steps(STEPS),
        data,
        function,
        Collective.SINGLE,
        new CheckpointDirectory(directory),
        time);
  }

  static LossFunction function(Precision precision) {
    return new LlamaLoss(shape(), precision, 1, 512);
  }

  static TrainingSettings settings(Precision precision) {
    BatchSettings batch = new BatchSettings(256, 128, 128, 0.1, 0.1f);
    return new TrainingSettings(
        shape(), precision, 7, "toy", batch, 0.02, 0.1, 5, 0.1f, 1, 1024, 1);
  }

  static LlamaShape shape() {
    return LlamaShape.toy(vocabulary().tokens().size());
  }

  static Vocabulary vocabulary() {
    return new BpeTrainer().train(261);
  }

  static Conversation conversation(long index) {
    int which = (int) (index * 5 % QUESTIONS.size());
    return new Conversation(
        "toy",
        List.of(
            new Message(Role.USER, QUESTIONS.get(which)),
            new Message(Role.ASSISTANT, ANSWERS.get(which))));
  }

  /** Between any two looks at it half a minute has passed: every step is worth a checkpoint. */
  static final class HurryingTime implements TimeSource {
    private long nanos;

    @Override
    public long nanoTime() {
      nanos += Duration.ofSeconds(31).toNanos();
      return nanos;
    }

    @Override
    public Instant now() {
      return Instant.EPOCH.plusNanos(nanos);
    }
  }
}
