package io.parley.simulation.cli;

import io.parley.common.ParleyException;
import io.parley.simulation.trace.ArrivalProcess;
import io.parley.simulation.trace.Lengths;
import io.parley.simulation.trace.TraceSettings;
import java.util.Map;
import picocli.CommandLine.Option;

/** The options about the requests. */
final class TraceOptions {
  private static final double BURST_FACTOR = 3;
  private static final double BURST_SECONDS = 1;
  private static final double CALM_SECONDS = 4;

  @Option(names = "--rate", description = "Requests a second (default: ${DEFAULT-VALUE}).")
  private double rate = 100;

  @Option(
      names = "--duration",
      paramLabel = "SECONDS",
      description = "Virtual time that is measured (default: ${DEFAULT-VALUE}).")
  private double seconds = 30;

  @Option(
      names = "--warmup",
      paramLabel = "SECONDS",
      description = "Virtual time before that (default: ${DEFAULT-VALUE}).")
  private double warmUpSeconds = 10;

  @Option(names = "--trace", description = "poisson or bursty (default: ${DEFAULT-VALUE}).")
  private String trace = "poisson";

  @Option(names = "--seed", description = "Of everything random (default: ${DEFAULT-VALUE}).")
  private long seed = 1;

  @Option(
      names = "--prompt-tokens",
      description = "Median of what is a prompt's own (default: ${DEFAULT-VALUE}).")
  private double promptTokens = 256;

  @Option(
      names = "--output-tokens",
      description = "Median of the answers (default: ${DEFAULT-VALUE}).")
  private double outputTokens = 96;

  @Option(
      names = "--max-tokens",
      description = "What requests allow their answers (default: ${DEFAULT-VALUE}).")
  private int maxTokens = 1024;

  @Option(
      names = "--batch-percent",
      description =
          "Requests of the lowest class, for which nobody waits (default: ${DEFAULT-VALUE}).")
  private double batchPercent;

  @Option(names = "--tenants", description = "Organisations (default: ${DEFAULT-VALUE}).")
  private int tenants = 100;

  @Option(
      names = "--tenant-skew",
      description = "Exponent of their Zipf distribution (default: ${DEFAULT-VALUE}).")
  private double tenantSkew = 1;

  long seed() {
    return seed;
  }

  long measureFromNanos() {
    return nanos("--warmup", warmUpSeconds, 0);
  }

  long measureToNanos() {
    return measureFromNanos() + nanos("--duration", seconds, 1e-3);
  }

  private static long nanos(String option, double seconds, double least) {
    if (!(seconds >= least && seconds <= 1e6)) {
      throw ParleyException.invalid(
          "%s must be in %s … 1000000 seconds: %s".formatted(option, least, seconds));
    }
    return Math.round(seconds * 1e9);
  }

  TraceSettings settings(int contextTokens) {
    TraceSettings chat = TraceSettings.chat(seed, arrivals(), measureToNanos());
    int longest = Math.max(1, (contextTokens - 1) / 2);
    Lengths own =
        new Lengths(
            promptTokens,
            chat.prompts().sigma(),
            chat.prompts().tailShare(),
            4 * promptTokens,
            chat.prompts().tailExponent(),
            1,
            Math.min(chat.prompts().most(), longest));
    Lengths answers =
        Lengths.logNormal(outputTokens, chat.outputs().sigma(), 1, Math.max(1, maxTokens));
    Lengths shared =
        Lengths.logNormal(
            Math.min(chat.prefixes().median(), longest / 4.0 + 1),
            chat.prefixes().sigma(),
            1,
            Math.min(chat.prefixes().most(), longest));
    return new TraceSettings(
        seed,
        arrivals(),
        measureToNanos(),
        own,
        answers,
        maxTokens,
        tenants,
        tenantSkew,
        chat.prefixesPerTenant(),
        shared,
        chat.prefixShare(),
        chat.impatientShare(),
        chat.patienceSeconds(),
        batchPercent / 100);
  }

  private ArrivalProcess arrivals() {
    return switch (trace) {
      case "poisson" -> new ArrivalProcess.Poisson(rate);
      case "bursty" -> new ArrivalProcess.Bursty(rate, BURST_FACTOR, BURST_SECONDS, CALM_SECONDS);
      default -> throw ParleyException.invalid("--trace must be poisson or bursty: " + trace);
    };
  }

  /** Adds what a reader of the report must know. */
  void describe(Map<String, String> scenario, TraceSettings settings) {
    String bursts =
        trace.equals("bursty")
            ? ", bursts at %s × the calm rate, %s s of them in %s s"
                .formatted(BURST_FACTOR, BURST_SECONDS, BURST_SECONDS + CALM_SECONDS)
            : "";
    scenario.put("arrivals", "%s, %s requests/s%s".formatted(trace, rate, bursts));
    scenario.put(
        "time", "%s s measured after %s s, seed %d".formatted(seconds, warmUpSeconds, seed));
    scenario.put("prompts", describe(settings.prompts()));
    scenario.put(
        "shared beginnings",
        "%s, in %.0f %% of the requests"
            .formatted(describe(settings.prefixes()), 100 * settings.prefixShare()));
    scenario.put("answers", "%s; %d allowed".formatted(describe(settings.outputs()), maxTokens));
    if (batchPercent > 0) {
      scenario.put("batches", "%s %% of the requests".formatted(batchPercent));
    }
    scenario.put("tenants", "%d, Zipf exponent %s".formatted(tenants, tenantSkew));
  }

  private static String describe(Lengths lengths) {
    String tail =
        lengths.tailShare() == 0
            ? ""
            : ", %.0f %% Pareto from %.0f with α = %s"
                .formatted(100 * lengths.tailShare(), lengths.tailStart(), lengths.tailExponent());
    return "log-normal, median %.0f, σ = %s%s; at most %d tokens"
        .formatted(lengths.median(), lengths.sigma(), tail, lengths.most());
  }
}
