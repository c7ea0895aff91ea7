package io.parley.bench.concurrent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** {@code ./parley bench concurrent}: runs the benchmarks of one subject and prints tables. */
public final class Main {
  private static final String USAGE =
      """
      Usage: ./parley bench concurrent SUBJECT [--seconds N] [--threads N] [--svg FILE]

      Subjects: maps, queue, batches, cache, hits, limits, top, durable, pipeline, client
        --seconds N   measure each for about so long (default: 2)
        --threads N   maps only: so many threads (default: 1, 2 and 4)
        --svg FILE    maps only: write the plot for two threads, or for N
      """;

  private static final Map<String, Subject> SUBJECTS =
      Map.of(
          "maps", new Subject(MapBenchmark.class, "map"),
          "queue", new Subject(QueueBenchmark.class, "queue"),
          "batches", new Subject(BatchBenchmark.class, "way"),
          "cache", new Subject(CacheBenchmark.class, "cache"),
          "limits", new Subject(LimiterBenchmark.class, "limiter"),
          "top", new Subject(TopBenchmark.class, ""),
          "durable", new Subject(DurableBenchmark.class, ""),
          "pipeline", new Subject(PipelineBenchmark.class, "passes"),
          "client", new Subject(ClientBenchmark.class, ""));

  private record Subject(Class<?> benchmarks, String competitorParameter) {}

  private final List<String> arguments;

  private Main(List<String> arguments) {
    this.arguments = arguments;
  }

  /** Runs a subject; exits with 2 for wrong arguments. */
  public static void main(String[] arguments) throws IOException, RunnerException {
    Main main = new Main(List.of(arguments));
    String subject = arguments.length == 0 ? "" : arguments[0];
    if (subject.equals("hits")) {
      System.out.print(hits());
    } else if (SUBJECTS.containsKey(subject)) {
      main.run(subject);
    } else {
      System.err.print(USAGE);
      System.exit(subject.equals("--help") ? 0 : 2);
    }
  }

  private String option(String name, String otherwise) {
    int at = arguments.indexOf(name);
    return at >= 0 && at + 1 < arguments.size() ? arguments.get(at + 1) : otherwise;
  }

  private void run(String name) throws IOException, RunnerException {
    Subject subject = SUBJECTS.getOrDefault(name, new Subject(MapBenchmark.class, "map"));
    int seconds = Integer.parseInt(option("--seconds", "2"));
    if (!name.equals("maps")) {
      Figures figures = Figures.of(run(subject, seconds, 0), subject.competitorParameter);
      System.out.print("\n" + figures.list());
      return;
    }
    String threads = option("--threads", "");
    List<RunResult> results = new ArrayList<>();
    for (int count : threads.isEmpty() ? List.of(1, 2, 4) : List.of(Integer.valueOf(threads))) {
      results.addAll(run(subject, seconds, count));
    }
    Figures figures = Figures.of(results, subject.competitorParameter);
    System.out.print("\n" + figures.matrix());
    String svg = option("--svg", "");
    if (!svg.isEmpty()) {
      Files.writeString(
          Path.of(svg), figures.svg(threads.isEmpty() ? 2 : Integer.parseInt(threads)));
    }
  }

  /** One fork: what is compared is compared within one run, on a machine as it is at that time. */
  private static Collection<RunResult> run(Subject subject, int seconds, int threads)
      throws RunnerException {
    var builder =
        new OptionsBuilder()
            .include(subject.benchmarks.getName().replace(".", "\\.") + "[.$]")
            .forks(1)
            .warmupIterations(2)
            .warmupTime(TimeValue.milliseconds(250L * seconds))
            .measurementIterations(4 * seconds)
            .measurementTime(TimeValue.milliseconds(250))
            .shouldFailOnError(true)
            .jvmArgs("-Xms2g", "-Xmx2g", "-XX:+UseParallelGC", "-XX:+AlwaysPreTouch");
    Options options = threads > 0 ? builder.threads(threads).build() : builder.build();
    return new Runner(options).run();
  }

  /** How often a cache for 10,000 of 100,000 keys knows the answer. */
  private static String hits() {
    StringBuilder table = new StringBuilder("| cache | Zipf 0.8 | Zipf 0.99 | Zipf 1.2 |\n");
    table.append("|---|---:|---:|---:|\n");
    for (String cache : List.of("parleyExact", "parleyStriped16", "guava", "caffeine")) {
      table.append("| ").append(cache).append(" |");
      for (double exponent : new double[] {0.8, 0.99, 1.2}) {
        double percent = CacheBenchmark.hitPercent(cache, exponent);
        table.append(String.format(Locale.ROOT, " %.2f %% |", percent));
      }
      table.append('\n');
    }
    return table.toString();
  }
}
