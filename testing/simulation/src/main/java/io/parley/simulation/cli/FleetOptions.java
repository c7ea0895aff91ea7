package io.parley.simulation.cli;

import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import io.parley.serving.routing.RoutingSettings;
import io.parley.simulation.device.Preset;
import io.parley.simulation.fleet.Faults;
import io.parley.simulation.fleet.FleetSettings;
import io.parley.simulation.fleet.Policy;
import io.parley.simulation.fleet.ServiceLevel;
import io.parley.simulation.fleet.Sharing;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** The options about the devices. */
final class FleetOptions {
  private static final String AUTO = "auto";
  private static final double SECONDS_PER_HOUR = 3600;

  @Option(
      names = "--preset",
      description = "h100-8b, h100-70b or cpu-parley-base (default: ${DEFAULT-VALUE}).")
  private String preset = "h100-8b";

  @Option(
      names = "--devices",
      paramLabel = "N|auto",
      description = "How many, or the fewest that keep the service level (default: auto).")
  private String devices = AUTO;

  @Option(
      names = "--slo-ttft-ms",
      description = "Service level: time to first token (default: ${DEFAULT-VALUE}).")
  private double ttftMillis = 1000;

  @Option(
      names = "--slo-itl-ms",
      description =
          "Service level: mean time between the tokens of a request (default: ${DEFAULT-VALUE}).")
  private double interTokenMillis = 50;

  @Option(
      names = "--max-batch-tokens",
      description = "Tokens of a step at most (default: the preset's).")
  private int maxBatchTokens;

  @Option(
      names = "--stalls-per-hour",
      description = "Of each device, half a second each (default: ${DEFAULT-VALUE}).")
  private double stallsPerHour;

  @Option(
      names = "--failures-per-hour",
      description = "Of each device, away for 30 s each (default: ${DEFAULT-VALUE}).")
  private double failuresPerHour;

  @Option(
      names = "--report-ms",
      description =
          "How often devices tell the router how much they have to do (default: ${DEFAULT-VALUE}).")
  private double reportMillis = FleetSettings.DEFAULT_REPORT_NANOS / 1e6;

  boolean sizesItself() {
    return devices.equals(AUTO);
  }

  /** The settings; with one device if the fleet is to be sized. */
  FleetSettings settings(TraceOptions trace) {
    Preset replica = Preset.named(preset);
    return new FleetSettings(
        replica,
        sizesItself() ? 1 : count(),
        baseline(replica),
        new Faults(gap(stallsPerHour), 0.5, gap(failuresPerHour), 30, 0),
        new ServiceLevel(
            nanos("--slo-ttft-ms", ttftMillis), nanos("--slo-itl-ms", interTokenMillis)),
        nanos("--report-ms", reportMillis),
        FleetSettings.DEFAULT_MAX_ATTEMPTS,
        trace.measureFromNanos(),
        trace.measureToNanos(),
        trace.seed(),
        false);
  }

  private int count() {
    try {
      return Integer.parseInt(devices);
    } catch (NumberFormatException e) {
      throw new ParleyException(
          ErrorCode.INVALID_REQUEST, "--devices must be a number or auto: " + devices, e);
    }
  }

  private static double gap(double perHour) {
    if (!(perHour >= 0)) {
      throw ParleyException.invalid("faults an hour must not be negative: " + perHour);
    }
    return SECONDS_PER_HOUR / perHour;
  }

  private static long nanos(String option, double millis) {
    if (!(millis > 0 && millis <= 1e9)) {
      throw ParleyException.invalid("%s must be greater than 0: %s".formatted(option, millis));
    }
    return Math.round(millis * 1e6);
  }

  private Policy baseline(Preset replica) {
    int budget = maxBatchTokens == 0 ? replica.maxBatchTokens() : maxBatchTokens;
    return Policy.standard("baseline", budget);
  }

  /** What {@code --compare} puts beside the baseline. */
  static List<Policy> alternatives(FleetSettings settings) {
    Policy base = settings.policy();
    Preset replica = settings.preset();
    int whole = replica.contextTokens() + replica.maxSequences();
    return List.of(
        base.statically("static batching"),
        base.chunked("whole prompts", whole),
        base.with("no prefix affinity", RoutingSettings.WITHOUT_AFFINITY),
        base.withoutPrefixCache("no prefix cache"),
        base.with("first come", Sharing.ARRIVAL),
        base.withoutSwap("recompute"));
  }

  void describe(Map<String, String> scenario, FleetSettings settings) {
    Preset replica = settings.preset();
    scenario.put("device", "%s: %s".formatted(replica.name(), replica.about()));
    scenario.put(
        "engine",
        "%,d KV blocks of %d tokens, %d sequences, %d tokens a step"
            .formatted(
                replica.limits(settings.policy().maxBatchTokens()).blocks(),
                replica.blockTokens(),
                replica.maxSequences(),
                settings.policy().maxBatchTokens()));
    scenario.put(
        "service level", "TTFT %s ms, inter-token %s ms".formatted(ttftMillis, interTokenMillis));
    scenario.put(
        "faults an hour",
        "%s stalls and %s failures of each device".formatted(stallsPerHour, failuresPerHour));
  }
}
