package io.parley.training.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.parley.common.ParleyException;
import io.parley.common.TimeSource;
import io.parley.model.tensor.TensorType;
import io.parley.model.tokenizer.BytePairTokenizer;
import io.parley.model.tokenizer.Vocabulary;
import io.parley.training.batch.BatchSettings;
import io.parley.training.batch.BatchSource;
import io.parley.training.batch.CorpusVocabulary;
import io.parley.training.bpe.TokenizerFile;
import io.parley.training.checkpoint.CheckpointDirectory;
import io.parley.training.corpus.Corpus;
import io.parley.training.export.LlamaGguf;
import io.parley.training.llama.LlamaLoss;
import io.parley.training.llama.LlamaShape;
import io.parley.training.llama.LossFunction;
import io.parley.training.llama.Precision;
import io.parley.training.optim.Collective;
import io.parley.training.run.Budget;
import io.parley.training.run.LossCurve;
import io.parley.training.run.RunLog;
import io.parley.training.run.TrainingRun;
import io.parley.training.run.TrainingSettings;
import java.io.Console;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code train}: trains a preset, or takes up a run where it was stopped. */
@Command(
    name = "train",
    description = {
      "Trains a model on the generated corpus and exports it.",
      "A run that was stopped goes on when the same command is given again."
    })
@SuppressWarnings("NullAway.Init") // Fields are set by picocli.
final class TrainCommand implements Callable<Integer> {
  private static final int VOCABULARY_MULTIPLE = 32;

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "PRESET", description = "toy, mini or base")
  private String preset;

  @Option(names = "--out", required = true, description = "directory of the run")
  private Path out;

  /** At most one of the two. */
  static final class Length {
    @Option(names = "--steps", description = "length of the run in optimizer steps")
    @Nullable Long steps;

    @Option(names = "--minutes", description = "length of the run in minutes (default 60)")
    @Nullable Double minutes;
  }

  @ArgGroup private @Nullable Length length;

  @Option(names = "--seed", description = "of weights and corpus (default ${DEFAULT-VALUE})")
  private long seed = 1;

  @Option(names = "--tokenizer", description = "tokenizer.json; learned and written if absent")
  private @Nullable Path tokenizer;

  @Option(names = "--batch-tokens", description = "tokens a step (default ${DEFAULT-VALUE})")
  private int batchTokens = BatchSettings.DEFAULT.batchTokens();

  @Option(names = "--window", description = "longest ordinary window (default ${DEFAULT-VALUE})")
  private int windowTokens = BatchSettings.DEFAULT.windowTokens();

  @Option(names = "--long-window", description = "window of long steps (default ${DEFAULT-VALUE})")
  private int longWindowTokens = BatchSettings.DEFAULT.longWindowTokens();

  @Option(names = "--long-share", description = "share of long steps (default ${DEFAULT-VALUE})")
  private double longWindowShare = BatchSettings.DEFAULT.longWindowShare();

  @Option(names = "--user-weight", description = "weight of user tokens (default ${DEFAULT-VALUE})")
  private float userWeight = BatchSettings.DEFAULT.userWeight();

  @Option(names = "--lr", description = "peak learning rate (default 3e-3, for base 2e-3)")
  private @Nullable Double learningRate;

  @Option(names = "--warmup", description = "steps to the peak (default ${DEFAULT-VALUE})")
  private long warmupSteps = 100;

  @Option(names = "--threads", description = "of libtorch (default ${DEFAULT-VALUE})")
  private int threads = 1;

  @Option(names = "--precision", description = "bf16 or f32 (default ${DEFAULT-VALUE})")
  private Precision precision = Precision.BF16;

  @Option(names = "--micro-batch", description = "tokens at a time (default ${DEFAULT-VALUE})")
  private int microBatchTokens = 2048;

  @Option(names = "--name", description = "name of the model (default parley-PRESET)")
  private @Nullable String name;

  @Option(names = "--export", description = "GGUF file (default NAME.gguf in --out)")
  private @Nullable Path export;

  @Option(names = "--type", description = "Q8_0, BF16 or F32 (default ${DEFAULT-VALUE})")
  private TensorType type = TensorType.Q8_0;

  @Option(names = "--json", description = "print the outcome as one JSON object")
  private boolean json;

  @Override
  public Integer call() throws Exception {
    Files.createDirectories(out);
    PrintWriter messages = json ? spec.commandLine().getErr() : spec.commandLine().getOut();
    Corpus corpus = new Corpus(seed);
    Vocabulary vocabulary = vocabulary(corpus, messages);
    LlamaShape shape = LlamaShape.preset(preset, vocabulary.tokens().size());
    TrainingSettings settings = settings(shape, corpus, vocabulary);
    BatchSource data =
        new BatchSource(
            corpus::training, new BytePairTokenizer(vocabulary)::encode, settings.batch());
    TimeSource time = TimeSource.system();
    try (LossFunction function = new LlamaLoss(shape, precision, threads, microBatchTokens)) {
      TrainingRun run =
          new TrainingRun(
              settings,
              budget(),
              data,
              function,
              Collective.SINGLE,
              new CheckpointDirectory(out),
              time);
      train(run, messages, time);
      Path file = export == null ? out.resolve(modelName() + ".gguf") : export;
      new LlamaGguf(modelName(), time.now(), shape, vocabulary, run.weights()).write(file, type);
      report(run, file);
    }
    return 0;
  }

  private void train(TrainingRun run, PrintWriter messages, TimeSource time) throws IOException {
    Path table = out.resolve("loss.csv");
    boolean terminal = !json && onTerminal();
    try (RunLog log = new RunLog(table, run.step())) {
      if (run.step() > 0) {
        messages.printf("going on after step %d%n", run.step());
      }
      Progress progress = new Progress(messages, terminal, time);
      Picture picture = new Picture(table, time);
      run.run(
          (step, total) -> {
            log.add(step);
            progress.stepped(step, total);
            picture.stepped();
          });
      progress.finish();
    }
    LossCurve.draw(table, out.resolve("loss.svg"), modelName());
  }

  private static boolean onTerminal() {
    return Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
  }

  /** Redraws the loss curve now and then, so that a long run can be watched. */
  private final class Picture {
    private static final double SECONDS = 60;

    private final Path table;
    private final TimeSource time;
    private long drawn;

    Picture(Path table, TimeSource time) {
      this.table = table;
      this.time = time;
      this.drawn = time.nanoTime();
    }

    void stepped() throws IOException {
      if ((time.nanoTime() - drawn) / 1e9 > SECONDS) {
        LossCurve.draw(table, out.resolve("loss.svg"), modelName());
        drawn = time.nanoTime();
      }
    }
  }

  private Vocabulary vocabulary(Corpus corpus, PrintWriter messages) throws IOException {
    Path file = tokenizer == null ? out.resolve("tokenizer.json") : tokenizer;
    if (!Files.exists(file)) {
      messages.printf("learning the tokenizer, into %s%n", file);
      messages.flush();
      TokenizerFile.write(
          file,
          CorpusVocabulary.learn(
              corpus::training, CorpusVocabulary.CONVERSATIONS, CorpusVocabulary.SIZE));
    }
    Vocabulary vocabulary = TokenizerFile.read(file);
    if (vocabulary.tokens().size() % VOCABULARY_MULTIPLE != 0) {
      throw ParleyException.invalid(
          "%s: %d tokens; a multiple of %d is needed"
              .formatted(file, vocabulary.tokens().size(), VOCABULARY_MULTIPLE));
    }
    return vocabulary;
  }

  private TrainingSettings settings(LlamaShape shape, Corpus corpus, Vocabulary vocabulary) {
    BatchSettings batch =
        new BatchSettings(batchTokens, windowTokens, longWindowTokens, longWindowShare, userWeight);
    return new TrainingSettings(
        shape,
        precision,
        seed,
        DataFingerprint.of(corpus, vocabulary),
        batch,
        learningRate == null ? defaultLearningRate() : learningRate,
        0.03,
        warmupSteps,
        0.1f,
        1.0,
        microBatchTokens,
        threads);
  }

  private double defaultLearningRate() {
    return preset.equals("base") ? 2e-3 : 3e-3;
  }

  private Budget budget() {
    if (length != null && length.steps != null) {
      return new Budget.Steps(length.steps);
    }
    return new Budget.Minutes(length != null && length.minutes != null ? length.minutes : 60);
  }

  private String modelName() {
    return name == null ? "parley-" + preset : name;
  }

  private void report(TrainingRun run, Path file) throws IOException {
    PrintWriter writer = spec.commandLine().getOut();
    if (json) {
      Map<String, Object> outcome = new LinkedHashMap<>();
      outcome.put("model", modelName());
      outcome.put("steps", run.step());
      outcome.put("parameters", run.weights().length);
      outcome.put("file", file.toString());
      outcome.put("bytes", Files.size(file));
      writer.println(new ObjectMapper().writeValueAsString(outcome));
    } else {
      writer.printf("%s: %d bytes after %d steps%n", file, Files.size(file), run.step());
    }
    writer.flush();
  }
}
