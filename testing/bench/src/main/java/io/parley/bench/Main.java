package io.parley.bench;

import io.parley.common.TimeSource;
import io.parley.model.kernel.ComputePool;
import io.parley.model.kernel.Kernels;
import io.parley.model.kernel.NativeCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ./parley bench}. */
@Command(
    name = "bench",
    description = "Measures Parley on this machine.",
    mixinStandardHelpOptions = true,
    subcommands = {
      Main.Engine.class,
      Main.SchedulerCommand.class,
      Main.Prefix.class,
      Main.Guess.class,
      Main.Gateway.class,
      Main.Chat.class,
      Main.Goodput.class,
      Main.Examine.class
    })
public final class Main {
  private Main() {}

  /** Runs a benchmark and exits with 0, or with 2 for wrong arguments. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new Main()).execute(arguments));
  }

  /** How figures are shown. */
  static final class Output {
    @Option(names = "--json", description = "Print one JSON object instead of a table.")
    private boolean json;

    private void print(Report report) {
      report.print(System.out, json);
    }
  }

  @Command(
      name = "engine",
      description = "Decode and prefill speed of a model, beside llama.cpp if wanted.",
      mixinStandardHelpOptions = true)
  static final class Engine implements Callable<Integer> {
    private static final Path JLAMA =
        Path.of(System.getProperty("parley.home", ".")).resolve("testing/bench-jlama/target/lib");

    @Parameters(paramLabel = "MODEL.gguf", description = "The model file.", arity = "0..1")
    @Nullable
    private Path model;

    @Option(
        names = "--random",
        paramLabel = "SHAPE",
        description = "Instead of a file: random weights, such as 135m-q8_0, 1b-q8_0, 1b-q4_k.")
    @Nullable
    private String random;

    @Option(
        names = "--prompt-tokens",
        description = "Length of the long prompt (default: ${DEFAULT-VALUE}).")
    private int promptTokens = 512;

    @Option(names = "--threads", description = "Threads that compute (default: all processors).")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Option(
        names = "--native",
        description = "AUTO: oneDNN where there is one, in BF16; OFF: F32 (default: AUTO).")
    private NativeCode nativeCode = NativeCode.AUTO;

    @Option(
        names = "--peers",
        description =
            "Measure llama.cpp too, and Jlama on random weights, afterwards, in processes of their"
                + " own.")
    private boolean peers;

    @Option(
        names = "--llamacpp",
        paramLabel = "DIRECTORY",
        description = "Where its libraries are (default: as npm install in testing/llamacpp does).")
    private Path llamaCpp =
        Path.of(System.getProperty("parley.home", "."))
            .resolve("testing/llamacpp/node_modules/@node-llama-cpp/linux-x64/bins/linux-x64");

    @Mixin private Output output = new Output();

    @Override
    public Integer call() throws Exception {
      if (random == null && model != null) {
        return measure(model, String.valueOf(model.getFileName()));
      }
      if (random == null || model != null) {
        throw new CommandLine.ParameterException(
            new CommandLine(this), "either MODEL.gguf or --random SHAPE is needed");
      }
      Path file = Files.createTempFile("parley-random", ".gguf");
      try {
        RandomModel.write(random, file);
        return measure(file, "random " + random);
      } finally {
        Files.deleteIfExists(file);
      }
    }

    private Integer measure(Path file, String name) throws Exception {
      Kernels kernels = Kernels.best(nativeCode);
      Report report =
          new Report("engine %s, %d threads, %s".formatted(name, threads, kernels.description()));
      Speeds ours = EngineBench.run(file, promptTokens, threads, kernels, TimeSource.system());
      ours.addTo(report, "", promptTokens);
      if (peers) {
        Speeds theirs = PeerProcess.llamaCpp(llamaCpp, file, threads, promptTokens);
        theirs.addTo(report, "llama.cpp: ", promptTokens);
        ours.addRatios(report, "llama.cpp", theirs, promptTokens);
        if (random != null) {
          Speeds jlama = PeerProcess.jlama(JLAMA, RandomModel.sizes(random), threads, promptTokens);
          jlama.addTo(report, "Jlama: ", promptTokens);
          ours.addRatios(report, "Jlama", jlama, promptTokens);
        }
      }
      output.print(report);
      return 0;
    }
  }

  @Command(
      name = "scheduler",
      description = "What scheduling and drawing cost beside a step of a model, on one thread.",
      mixinStandardHelpOptions = true)
  static final class SchedulerCommand implements Callable<Integer> {
    @Parameters(paramLabel = "MODEL.gguf", description = "The model file.")
    private Path model = Path.of("");

    @Option(
        names = "--sequences",
        description = "Sequences that run, 1 to 1024 (default: ${DEFAULT-VALUE}).")
    private int sequences = 64;

    @Mixin private Output output = new Output();

    @Override
    public Integer call() throws IOException {
      if (sequences < 1 || sequences > 1024) {
        throw new CommandLine.ParameterException(
            new CommandLine(this), "--sequences: must be in 1 to 1024, got " + sequences);
      }
      output.print(SchedulerBench.run(model, sequences, TimeSource.system()));
      return 0;
    }
  }

  @Command(
      name = "doctor",
      description = "What was chosen for this machine, and what each kernel reaches of its peaks.",
      mixinStandardHelpOptions = true)
  static final class Examine implements Callable<Integer> {
    @Option(names = "--threads", description = "Threads that compute (default: all processors).")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Option(
        names = "--native",
        description = "AUTO: oneDNN where there is one, in BF16; OFF: F32 (default: AUTO).")
    private NativeCode nativeCode = NativeCode.AUTO;

    @Option(
        names = "--data",
        description = "Whose disk to look at (default: that of temporary files).")
    private Path data = Path.of(System.getProperty("java.io.tmpdir"));

    @Override
    public Integer call() throws IOException {
      if (!Files.isDirectory(data) || !Files.isWritable(data)) {
        throw new CommandLine.ParameterException(
            new CommandLine(this), "--data: must be a directory to write in, was " + data);
      }
      try (ComputePool pool =
          ComputePool.of(threads, Thread.ofPlatform().name("compute-", 1).daemon().factory())) {
        new Doctor(System.out, Kernels.best(nativeCode), pool, TimeSource.system()).examine(data);
      }
      return 0;
    }
  }

  @Command(
      name = "prefix",
      description = "Time to the first token of a prompt, most of which was computed before.",
      mixinStandardHelpOptions = true)
  static final class Prefix implements Callable<Integer> {
    @Parameters(paramLabel = "MODEL.gguf", description = "The model file.")
    private Path model = Path.of("");

    @Option(
        names = "--prompt-tokens",
        description = "Length of the prompts, below the context (default: ${DEFAULT-VALUE}).")
    private int promptTokens = 1000;

    @Option(
        names = "--shared-percent",
        description = "How much they have in common, 0 to 100 (default: ${DEFAULT-VALUE}).")
    private int sharedPercent = 90;

    @Mixin private Output output = new Output();

    @Override
    public Integer call() throws Exception {
      if (sharedPercent < 0 || sharedPercent > 100) {
        throw new CommandLine.ParameterException(
            new CommandLine(this), "--shared-percent: must be in 0 to 100, got " + sharedPercent);
      }
      output.print(PrefixBench.run(model, promptTokens, sharedPercent, TimeSource.system()));
      return 0;
    }
  }

  @Command(
      name = "guess",
      description = "Speed of one stream with and without guesses at the next tokens.",
      mixinStandardHelpOptions = true)
  static final class Guess implements Callable<Integer> {
    @Parameters(paramLabel = "MODEL.gguf", description = "The model file.")
    private Path model = Path.of("");

    @Option(
        names = "--draft",
        paramLabel = "DRAFT.gguf",
        description = "A smaller model of the same tokens, to guess too.")
    private Optional<Path> draft = Optional.empty();

    @Mixin private Output output = new Output();

    @Override
    public Integer call() throws InterruptedException {
      output.print(GuessBench.run(model, draft, TimeSource.system()));
      return 0;
    }
  }

  @Command(
      name = "goodput",
      description = "What is answered in time at up to ten times the load that a model can serve.",
      mixinStandardHelpOptions = true)
  static final class Goodput implements Callable<Integer> {
    @Mixin private Output output = new Output();

    @Override
    public Integer call() {
      output.print(GoodputBench.run());
      return 0;
    }
  }

  @Command(
      name = "gateway",
      description =
          "Requests and streams through the gateway, with a model of fixed pace behind it.",
      mixinStandardHelpOptions = true)
  static final class Gateway implements Callable<Integer> {
    @Option(
        names = "--connections",
        description = "Connections that send requests (default: ${DEFAULT-VALUE}).")
    private int connections = 64;

    @Option(
        names = "--streams",
        description = "Open streams, 0 for none, up to 15000 (default: ${DEFAULT-VALUE}).")
    private int streams = 1000;

    @Option(
        names = "--seconds",
        description = "Length of each measurement, 1 to 300 (default: ${DEFAULT-VALUE}).")
    private int seconds = 10;

    @Option(
        names = "--soak",
        paramLabel = "MINUTES",
        description =
            "Instead of all that: half of the peak for so long, 1 to 600, with what it takes printed"
                + " each minute.")
    private int soakMinutes;

    @Option(
        names = "--peers",
        description =
            "Measure Portkey's gateway too, in a process of its own, before the same model.")
    private boolean peers;

    @Option(
        names = "--portkey",
        paramLabel = "DIRECTORY",
        description = "Where it is (default: as npm install in testing/portkey does).")
    private Path portkey =
        Path.of(System.getProperty("parley.home", ".")).resolve("testing/portkey");

    @Mixin private Output output = new Output();

    @Override
    public Integer call() throws Exception {
      inRange("--connections", connections, 1, 4_000);
      inRange("--streams", streams, 0, 15_000);
      inRange("--seconds", seconds, 1, 300);
      inRange("--soak", soakMinutes, 0, 600);
      if (peers && !Portkey.isIn(portkey)) {
        throw new CommandLine.ParameterException(
            new CommandLine(this),
            "--peers: Portkey's gateway is not in %s: npm install --ignore-scripts --no-package-lock --prefix testing/portkey puts it there"
                .formatted(portkey));
      }
      if (soakMinutes > 0) {
        boolean sound =
            new GatewaySoak(connections, System.out, TimeSource.system()).run(soakMinutes);
        return sound ? 0 : 1;
      }
      GatewayBench.Settings settings =
          new GatewayBench.Settings(
              connections, streams, seconds, peers ? Optional.of(portkey) : Optional.empty());
      output.print(new GatewayBench(settings, TimeSource.system()).run());
      return 0;
    }
  }

  @Command(
      name = "chat",
      description =
          "Chat: its first tokens beside the Messages API's, many viewers of one answer, long"
              + " histories, search, memory of who is connected.",
      mixinStandardHelpOptions = true)
  static final class Chat implements Callable<Integer> {
    @Option(
        names = "--messages",
        description =
            "Messages of one user, 1000 to 10000000; up to 100,000 of them in one conversation"
                + " (default: ${DEFAULT-VALUE}).")
    private int messages = 100_000;

    @Option(
        names = "--viewers",
        description =
            "Viewers of one answer, and idle users, 1 to 5000 (default: ${DEFAULT-VALUE}).")
    private int viewers = 1_000;

    @Option(
        names = "--seconds",
        description = "For which they watch, 1 to 30 (default: ${DEFAULT-VALUE}).")
    private int seconds = 5;

    @Mixin private Output output = new Output();

    @Override
    public Integer call() throws IOException {
      inRange("--messages", messages, 1_000, 10_000_000);
      inRange("--viewers", viewers, 1, 5_000);
      inRange("--seconds", seconds, 1, 30);
      ChatBench.Settings settings = new ChatBench.Settings(messages, viewers, seconds);
      output.print(new ChatBench(settings, TimeSource.system()).run());
      return 0;
    }
  }

  private static void inRange(String option, int value, int least, int most) {
    if (value < least || value > most) {
      throw new CommandLine.ParameterException(
          new CommandLine(new Main()),
          "%s: must be in %d to %d, got %d".formatted(option, least, most, value));
    }
  }
}
