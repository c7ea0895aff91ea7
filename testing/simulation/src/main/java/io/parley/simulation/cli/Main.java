package io.parley.simulation.cli;

import io.parley.common.ParleyException;
import io.parley.common.TimeSource;
import io.parley.simulation.calibration.Calibration;
import io.parley.simulation.fleet.Fleet;
import io.parley.simulation.fleet.FleetReport;
import io.parley.simulation.fleet.FleetSettings;
import io.parley.simulation.fleet.FleetSizer;
import io.parley.simulation.fleet.Policy;
import io.parley.simulation.report.HtmlReport;
import io.parley.simulation.report.JsonReport;
import io.parley.simulation.report.Presentation;
import io.parley.simulation.report.TextReport;
import io.parley.simulation.trace.Trace;
import io.parley.simulation.trace.TraceSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ./parley simulate}. */
@Command(
    name = "simulate",
    description = {
      "Plays a fleet of devices in virtual time, with the real scheduler and the real router, and"
          + " says what its clients would see."
    },
    mixinStandardHelpOptions = true)
public final class Main implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Mixin private FleetOptions fleet = new FleetOptions();

  @Mixin private TraceOptions trace = new TraceOptions();

  @Option(
      names = "--slo-share",
      description = "Percent of the requests for which auto keeps it (default: ${DEFAULT-VALUE}).")
  private double sloPercent = 99;

  @Option(names = "--compare", description = "Plays the same on other policies, side by side.")
  private boolean compare;

  @Option(names = "--json", description = "Print one JSON object instead of a table.")
  private boolean json;

  @Option(names = "--html", paramLabel = "FILE", description = "Write a page with plots as well.")
  private @Nullable Path html;

  @Option(
      names = "--threads",
      description = "Threads that play; the outcome is the same (default: one a core).")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Option(
      names = "--calibrate",
      paramLabel = "MODEL.gguf",
      description = {
        "Measure this machine with that model and print the device that fits; no more. Fails with"
            + " 1 if it does not predict steps that it was not fitted to within 15 %%."
      })
  private @Nullable Path calibrate;

  private final TimeSource time;

  Main(TimeSource time) {
    this.time = time;
  }

  /** Simulates and exits with 0, with 1 if a calibration fails, with 2 for wrong arguments. */
  public static void main(String[] arguments) {
    System.exit(commandLine(TimeSource.system()).execute(arguments));
  }

  static CommandLine commandLine(TimeSource time) {
    return new CommandLine(new Main(time))
        .setExecutionExceptionHandler(
            (failure, commandLine, _) -> {
              if (!(failure instanceof ParleyException)) {
                throw failure;
              }
              commandLine.getErr().println("parley: " + failure.getMessage());
              return CommandLine.ExitCode.USAGE;
            });
  }

  @Override
  public Integer call() throws IOException {
    if (spec == null) {
      throw new IllegalStateException("called without a command line");
    }
    PrintWriter out = spec.commandLine().getOut();
    if (calibrate != null) {
      ThreadMXBean processors = ManagementFactory.getThreadMXBean();
      Calibration calibration = Calibration.of(calibrate, processors::getCurrentThreadCpuTime);
      out.print(calibration.text());
      out.flush();
      return calibration.holds() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }
    Presentation shown = simulate(spec.commandLine().getErr());
    out.print(json ? JsonReport.of(shown) + "\n" : TextReport.of(shown));
    out.flush();
    if (html != null) {
      Files.writeString(html, HtmlReport.of(shown));
    }
    return 0;
  }

  private Presentation simulate(PrintWriter err) {
    if (threads < 1 || threads > 1024) {
      throw ParleyException.invalid("--threads must be in 1 … 1024: " + threads);
    }
    FleetSettings settings = fleet.settings(trace);
    TraceSettings requests = trace.settings(settings.preset().contextTokens());
    Map<String, String> scenario = new LinkedHashMap<>();
    fleet.describe(scenario, settings);
    trace.describe(scenario, requests);
    long began = time.nanoTime();
    try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
      List<FleetReport> reports = play(settings, requests, executor, err);
      progress(err, "simulated in %.1f s of real time".formatted((time.nanoTime() - began) / 1e9));
      return new Presentation("Fleet simulation", scenario, reports, notes(reports.getFirst()));
    }
  }

  private List<FleetReport> play(
      FleetSettings settings, TraceSettings requests, ExecutorService executor, PrintWriter err) {
    List<FleetReport> reports = new ArrayList<>();
    FleetReport first =
        fleet.sizesItself()
            ? new FleetSizer(sloPercent / 100, executor, threads, line -> progress(err, line))
                .size(settings, requests)
            : playOne(settings, requests, executor);
    reports.add(first);
    if (compare) {
      for (Policy policy : FleetOptions.alternatives(settings)) {
        progress(err, "playing: " + policy.name());
        FleetSettings other = settings.withReplicas(first.replicas()).withPolicy(policy);
        reports.add(playOne(other, requests, executor));
      }
    }
    return reports;
  }

  private FleetReport playOne(
      FleetSettings settings, TraceSettings requests, ExecutorService executor) {
    return new Fleet(settings, requests.tenants(), executor, threads).play(new Trace(requests));
  }

  private static void progress(PrintWriter err, String line) {
    err.println(String.format(Locale.ROOT, "parley: %s", line));
    err.flush();
  }

  private List<String> notes(FleetReport first) {
    List<String> notes = new ArrayList<>();
    notes.add(
        "A simulation: the scheduler and the router are the real ones, the time of a step is a"
            + " roofline's, and clients, network and tokenizers take none.");
    if (fleet.sizesItself() && first.attainment() < sloPercent / 100) {
      notes.add("The sizer gave up: this fleet falls short of the service level.");
    }
    return notes;
  }
}
